using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>What the options of a publish become on the wire.</summary>
public class PublishOptionsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Options_become_headers_beside_those_of_the_user()
    {
        Assert.Null(new PublishOptions().ToHeaders());
        Dictionary<string, string> headers = new() { ["k"] = "v", [KnownHeaders.Expires] = "1" };
        Assert.Same(headers, new PublishOptions { Headers = headers }.ToHeaders());
        PublishOptions options = new() { Retain = true, Expires = TimeSpan.FromSeconds(1.5), Delay = TimeSpan.FromDays(1), Headers = headers };
        Assert.Equal(
            new Dictionary<string, string> { ["k"] = "v", [KnownHeaders.Expires] = "1500", [KnownHeaders.Retain] = "1", [KnownHeaders.Delay] = "86400000" },
            options.ToHeaders());
        Assert.Equal("1", headers[KnownHeaders.Expires]);
    }

    [Fact]
    public void A_negative_time_is_refused_by_its_name()
    {
        Assert.Equal("Expires", Assert.Throws<ArgumentOutOfRangeException>(() => new PublishOptions { Expires = TimeSpan.FromTicks(-1) }.ToHeaders()).ParamName);
        Assert.Equal("Delay", Assert.Throws<ArgumentOutOfRangeException>(() => new PublishOptions { Delay = TimeSpan.MinValue }.ToHeaders()).ParamName);
    }

    [Fact]
    public async Task A_refusal_is_known_when_the_flush_after_it_completes()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Assert.Null(client.LastError);
        await client.PublishAsync("a", "x"u8.ToArray(), PublishOptions.Retained, Token);
        Task<Receipt> flushing = client.FlushAsync(Token).AsTask();
        await peer.ExpectAsync(FrameKind.Publish);
        await peer.SendAsync(Wire.Error(ErrorCode.RetainedFull, "no room", ("subject", "a")));
        await peer.AnswerFenceAsync(new Receipt(1, 0, 0));
        await flushing;
        Assert.Equal(ErrorCode.RetainedFull, client.LastError?.Code);
        await client.DisposeAsync();
    }
}
