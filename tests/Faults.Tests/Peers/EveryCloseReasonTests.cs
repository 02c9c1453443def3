using System.Net.Sockets;
using Akka.Actor;
using UdsBroker.Broker.Streams;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// M4: every reason for which a broker ends connections is provoked on a broker; it is told in GOODBYE, where PROTOCOL.md does not say that it is
/// never on the wire, and counted.
/// </summary>
public sealed class EveryCloseReasonTests
{
    /// <summary>PROTOCOL.md, section 14: kept for brokers whose listeners take their connections with them. Ours outlive them.</summary>
    private const CloseReason Reserved = CloseReason.ListenerClosed;

    private static readonly Dictionary<CloseReason, Provocation> Provocations = new()
    {
        [CloseReason.ClientClosed] = new([], async broker =>
        {
            var client = await broker.ConnectAsync();
            await client.SendAsync(Frames.Goodbye("enough"));
            return client;
        }),
        [CloseReason.PeerGone] = WithoutGoodbye(async (_, client) =>
        {
            client.Dispose();
            await Task.CompletedTask;
        }),
        [CloseReason.BrokerShutdown] = new([], async broker =>
        {
            var client = await broker.ConnectAsync();
            _ = broker.DrainAsync();
            return client;
        }),
        [CloseReason.Violation] = Bytes(0xC1),
        [CloseReason.FrameTooBig] = Bytes(0x95, 0x05, 0xDB, 0x7F, 0xFF, 0xFF, 0xFF),
        [CloseReason.HandshakeTimeout] = Silent("udsbroker.connections.handshake-timeout=100ms"),
        [CloseReason.Stale] = new(["udsbroker.keep-alive.ping-interval=100ms", "udsbroker.keep-alive.stale-after=1"], broker => broker.ConnectAsync()),
        [CloseReason.SlowConsumer] = new(["udsbroker.subscriptions.max-pending=64 KiB"], broker => NeverReadAsync(broker, OverflowPolicy.Disconnect)),
        [CloseReason.TooManyConnections] = new(["udsbroker.users.max-connections=1"], async broker =>
        {
            await broker.ConnectAsync();
            return RawClient.Open(broker.Socket);
        }),
        [CloseReason.UnsupportedVersion] = new([], async broker =>
        {
            var client = RawClient.Open(broker.Socket);
            await client.SendAsync(Frames.Hello(version: 0));
            return client;
        }),
        [CloseReason.NotAllowed] = Silent("udsbroker.access.rules=[{ deny = connect }]"),
        [CloseReason.Kicked] = new([], async broker =>
        {
            var (victim, operatorClient) = (await broker.ConnectAsync(), await broker.ConnectAsync());
            Assert.Equal((0, "{}"), await operatorClient.AskAsync("kick", $$"""{"id":"{{victim.Id}}"}"""));
            return victim;
        }),
        [CloseReason.Fault] = WithoutGoodbye(async (broker, client) => (await broker.FindAsync($"connections/{client.Id}")).Tell(Kill.Instance)),

        // What the stage that sends tells when the kernel has no memory for a socket's bytes, which no peer can bring about.
        [CloseReason.TransportError] = WithoutGoodbye(async (broker, client) =>
            (await broker.FindAsync($"connections/{client.Id}")).Tell(Endings.Of(new SocketException((int)SocketError.NoBufferSpaceAvailable)))),
        [CloseReason.LameDuck] = new(["udsbroker.shutdown.lame-duck-period=0s"], async broker =>
        {
            var client = await broker.ConnectAsync();
            Assert.Equal(0, (await client.AskAsync("drain")).Code);
            return client;
        }),
        [CloseReason.Idle] = new(["udsbroker.connections.idle-timeout=1s"], broker => broker.ConnectAsync()),
        [CloseReason.Overloaded] = new(
            ["udsbroker.memory.budget=1 MiB", "udsbroker.memory.shed-grace-period=1m", "udsbroker.outbound.low-watermark=64 KiB", "udsbroker.outbound.high-watermark=256 KiB"],
            async broker =>
            {
                var heavy = await NeverReadAsync(broker, OverflowPolicy.DropOldest);
                await Wait.Until(() => !broker.Context.Load.Memory.IsExceeded, "it has given up what waits for it");
                return heavy;
            }),
    };

    public static TheoryData<CloseReason> Reasons => [.. Enum.GetValues<CloseReason>().Where(reason => reason is not (CloseReason.None or Reserved))];

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task Every_reason_is_told_and_counted_by_a_broker(CloseReason reason)
    {
        Assert.True(Provocations.TryGetValue(reason, out var provocation), $"no test provokes {reason}");
        await using var broker = await BrokerInProcess.StartAsync(provocation!.Settings);

        using var client = await provocation.Run(broker);

        if (provocation.HasGoodbye) Assert.Equal(reason, await client.ReadToGoodbyeAsync());
        await Wait.Until(() => broker.Context.Traffic.ConnectionsEndedFor(reason) > 0, () => $"a connection that ended as {reason}");
    }

    private static Provocation Silent(string setting) => new([setting], broker => Task.FromResult(RawClient.Open(broker.Socket)));

    private static Provocation Bytes(params byte[] bytes) => new([], async broker =>
    {
        var client = await broker.ConnectAsync();
        await client.SendAsync(bytes);
        return client;
    });

    private static Provocation WithoutGoodbye(Func<BrokerInProcess, RawClient, Task> end) => new(
        [],
        async broker =>
        {
            var client = await broker.ConnectAsync();
            await end(broker, client);
            return client;
        },
        HasGoodbye: false);

    // More than the kernel and the bounds hold, for a subscriber that begins to read when it has ended.
    private static async Task<RawClient> NeverReadAsync(BrokerInProcess broker, OverflowPolicy policy)
    {
        var (publisher, subscriber) = (await broker.ConnectAsync(), await broker.ConnectAsync());
        await subscriber.SubscribeAsync(1, "a", new SubscribeOptions { Overflow = policy });
        await subscriber.FenceAsync();
        var frame = RawClient.Publish("a", new string('x', 100_000));
        for (var i = 0; i < 60; i++) await publisher.SendAsync(frame);
        await publisher.FenceAsync();
        return subscriber;
    }

    /// <summary>How a connection comes to its end.</summary>
    /// <param name="Settings">Of the broker.</param>
    /// <param name="Run">Brings it about and returns the connection that ends.</param>
    /// <param name="HasGoodbye">Whether a GOODBYE with the reason is sent.</param>
    private sealed record Provocation(string[] Settings, Func<BrokerInProcess, Task<RawClient>> Run, bool HasGoodbye = true);
}
