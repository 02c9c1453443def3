using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>What a client says of its last will, and what it does not take as one.</summary>
public class WillTests
{
    [Fact]
    public async Task The_will_is_in_the_hello_of_every_connection()
    {
        using FakeBroker broker = new();
        LastWill will = new("pump.state", Text.Bytes("lost")) { Headers = new Dictionary<string, string> { ["k"] = "v" }, Reply = "who.cares" };
        await using UdsBrokerClient client = new(broker.Options with { Will = will });
        Task connecting = client.ConnectAsync(FakeBroker.Token).AsTask();
        for (int connection = 0; connection < 2; connection++)
        {
            using FakePeer peer = await broker.AcceptAsync();
            SentFrame hello = await peer.ExpectAsync(FrameKind.Hello);
            await peer.SendAsync(Wire.Welcome());
            await connecting;

            Assert.True(CommandReader.TryReadHello(hello.Bytes, out HelloCommand? command, out _));
            LastWill sent = command.Options.Will!;
            string payload = System.Text.Encoding.UTF8.GetString(sent.Payload.Span);
            Assert.Equal(("pump.state", "lost", "who.cares", "v"), (sent.Subject, payload, sent.Reply, sent.Headers!["k"]));
        }
    }

    [Fact]
    public void A_will_that_no_broker_would_take_is_a_wrong_argument()
    {
        Assert.Contains("empty token", Refused(new LastWill("a..b", default)).Message, StringComparison.Ordinal);
        Assert.Contains("wildcard", Refused(new LastWill("a", default) { Reply = "b.*" }).Message, StringComparison.Ordinal);
        Assert.Contains("belongs to the broker", Refused(new LastWill("$SYS.stats", default)).Message, StringComparison.Ordinal);
        Assert.Contains("belongs to the broker", Refused(new LastWill("_BROKER.drain", default)).Message, StringComparison.Ordinal);
        Dictionary<string, string> headers = new() { ["Udsb-Retain"] = "yes" };
        Assert.Contains("Udsb-Retain must be 1", Refused(new LastWill("a", default) { Headers = headers }).Message, StringComparison.Ordinal);
        Assert.Contains("at most 4096", Refused(new LastWill("a", new byte[4096])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_of_datagrams_has_no_will() => Assert.Contains(
        "no last will",
        Assert.Throws<ArgumentException>(() => new UdsBrokerClient(new UdsBrokerOptions { Path = "unix-dgram:/x", Will = new LastWill("a", default) })).Message,
        StringComparison.Ordinal);

    private static ArgumentException Refused(LastWill will) => Assert.Throws<ArgumentException>(() => new UdsBrokerClient(new UdsBrokerOptions { Will = will }));
}
