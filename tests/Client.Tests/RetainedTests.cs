using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>Reading what a broker retains.</summary>
public class RetainedTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_of_it_is_read_whatever_bounds_subscriptions_have_by_default()
    {
        const int Count = 100;
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { SubscriptionCredit = 0, SubscriptionPendingMessages = 10 });
        Task<List<string>> reading = ReadAsync(client);
        SubscribeCommand subscribe = (await peer.ExpectAsync(FrameKind.Subscribe)).Subscribe;
        byte[][] messages = [.. Enumerable.Range(0, Count).Select(number => Wire.Publish($"a.{number}", "v"))];
        int first = (int)subscribe.Options.Credit!.Value;
        await peer.SendAsync(Wire.Deliver([subscribe.Sid], Wire.SomeSender, DeliverFlags.Retained, messages[..first]));
        await peer.AnswerFenceAsync();

        Assert.Equal((ulong)long.MaxValue, (await peer.ExpectAsync(FrameKind.Credit)).Credit.Count);
        await peer.ExpectAsync(FrameKind.Unsubscribe);
        await peer.SendAsync(Wire.Deliver([subscribe.Sid], Wire.SomeSender, DeliverFlags.Retained, messages[first..]), Wire.Drained(subscribe.Sid));
        await peer.AnswerFenceAsync();

        Assert.Equal(Enumerable.Range(0, Count).Select(number => $"a.{number}"), await reading.WaitAsync(TimeSpan.FromSeconds(60), Token));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_that_is_lost_before_all_has_come_is_an_error_and_no_short_answer()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Task<List<string>> reading = ReadAsync(client);
        SubscribeCommand subscribe = await peer.AcceptSubscriptionAsync();
        await peer.ExpectAsync(FrameKind.Credit);
        await peer.SendAsync(Wire.Deliver([subscribe.Sid], Wire.SomeSender, DeliverFlags.Retained, Wire.Publish("a.1", "v")));
        peer.Dispose();
        await Assert.ThrowsAsync<ConnectionLostException>(() => reading.WaitAsync(TimeSpan.FromSeconds(60), Token));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_that_is_lost_while_it_subscribes_brings_nothing_twice()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Task<List<string>> reading = ReadAsync(client);
        SubscribeCommand subscribe = (await peer.ExpectAsync(FrameKind.Subscribe)).Subscribe;
        await peer.SendAsync(Wire.Deliver([subscribe.Sid], Wire.SomeSender, DeliverFlags.Retained, Wire.Publish("a.1", "v")));
        peer.Dispose();

        using FakePeer next = await broker.WelcomeAsync();
        Assert.Equal(1ul, (await next.ExpectAsync(FrameKind.Subscribe)).Subscribe.Options.Credit);
        await next.SendAsync(Wire.Deliver([subscribe.Sid], Wire.SomeSender, DeliverFlags.Retained, Wire.Publish("a.1", "v")));
        await next.AnswerFenceAsync();
        await next.AnswerFenceAsync();
        await next.ExpectAsync(FrameKind.Credit);
        await next.ExpectAsync(FrameKind.Unsubscribe);
        await next.SendAsync(Wire.Deliver([subscribe.Sid], Wire.SomeSender, DeliverFlags.Retained, Wire.Publish("a.2", "v")), Wire.Drained(subscribe.Sid));
        await next.AnswerFenceAsync();

        Assert.Equal(["a.1", "a.2"], await reading.WaitAsync(TimeSpan.FromSeconds(60), Token));
        await client.DisposeAsync();
    }

    private static async Task<List<string>> ReadAsync(UdsBrokerClient client)
    {
        List<string> subjects = [];
        await foreach (Message message in client.GetRetainedAsync("a.*", Token)) subjects.Add(message.Subject);
        return subjects;
    }
}
