using System.Net.Sockets;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.EndToEnd.Tests;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// I8, L7, L8: peers that end at every byte of a session, in every way a socket can end, also while megabytes are on their way to them.
/// Afterwards descriptors, slabs, subscriptions, shares and slots are what they were, and nobody was given a part of a message.
/// </summary>
[Collection(Alone.Name)]
public sealed class CutSessionTests
{
    private const string Payload = "a message that comes whole or not at all";

    // A session with a bit of everything: 3 messages for the honest subscriber, 2 subscriptions, a queue member, a fence, an orderly end.
    private static readonly byte[] Script = Frames.Join(
        Frames.Hello(),
        Frames.Subscribe(1, "cut.own.>", new SubscribeOptions { Credit = 2 }),
        Frames.Subscribe(2, "cut.flood", new SubscribeOptions { Overflow = OverflowPolicy.DropOldest }),
        Frames.Subscribe(3, "cut.work", new SubscribeOptions { Queue = "workers" }),
        Frames.Publish("cut.seen", Payload),
        Frames.Publish("cut.own.x", Payload),
        Frames.Credit(1, 5),
        Frames.Publish("cut.seen", System.Text.Encoding.UTF8.GetBytes(Payload), reply: "cut.reply"),
        Frames.Ping(7),
        Frames.Unsubscribe(1),
        Frames.Publish("cut.seen", Payload),
        Frames.Goodbye("done"));

    [Fact]
    public async Task Peers_that_end_at_any_byte_leave_nothing_behind()
    {
        var campaign = Campaign.Begin("cut sessions", inCi: 2 * Script.Length, whenLong: 10_000);
        await using var broker = await BrokerInProcess.StartAsync();
        using var honest = await broker.ConnectAsync();
        using var flooder = await broker.ConnectAsync();
        await honest.SubscribeAsync(1, "cut.seen");
        await honest.FenceAsync();
        var baseline = await Counts.WaitUntilQuietAsync(broker);
        var descriptors = Proc.Descriptors(Environment.ProcessId);
        var reading = ReadAsync(honest);

        for (var round = 0L; round < campaign.Rounds; round++)
        {
            var random = new SeededRandom(campaign.Seed, round);
            var cut = campaign.Rounds <= 2 * Script.Length ? (int)(round % (Script.Length + 1)) : random.Next(Script.Length + 1);
            try
            {
                await PlayAsync(broker, flooder, random, cut);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                throw campaign.Replayable(round, failure, $", cut at {cut}");
            }
        }

        await Counts.ReturnAsync(broker, baseline);
        await flooder.PublishAsync("cut.seen", "last");
        var seen = await reading;
        await Wait.Until(
            () => Proc.Descriptors(Environment.ProcessId) <= descriptors + 8, () => $"{Proc.Descriptors(Environment.ProcessId)} descriptors, {descriptors} at the start");
        campaign.Say(
            $"{campaign.Rounds} sessions cut, {seen} messages of theirs were whole; counts back at {baseline}, "
            + $"descriptors {descriptors} to {Proc.Descriptors(Environment.ProcessId)}");
    }

    [Fact]
    public async Task Clients_killed_as_processes_leave_nothing_behind()
    {
        var campaign = Campaign.Begin("killed clients", inCi: 6, whenLong: 200);
        await using var broker = await BrokerInProcess.StartAsync();
        using var flooder = await broker.ConnectAsync();
        var baseline = await Counts.WaitUntilQuietAsync(broker);
        var flood = Frames.Join(Enumerable.Range(0, 50).Select(number => Frames.Publish("cut.flood", $"{number} " + new string('x', 2000))));
        var folder = Path.GetDirectoryName(broker.Socket)!;
        for (var round = 0L; round < campaign.Rounds; round++)
        {
            string[] arguments = round % 2 == 0 ? ["sub", "cut.flood", "--verbose"] : ["pub", "cut.lines", "-", "--lines"];
            await using var client = ChildProcess.Start("udsb", [.. arguments, "--socket", broker.Socket], Path.Combine(folder, $"out-{round}"));
            await Wait.Until(() => broker.Context.Budget.Used > 1, "the client is connected");
            if (round % 2 == 0) await client.WaitForErrorLineAsync("subscribed");
            else await client.Input.WriteAsync(new byte[100_000], Campaign.Cancelled);
            for (var i = 0; i < 20; i++) await flooder.SendAsync(flood);
            client.Signal("KILL");
            await client.WaitForExitAsync();
            await Counts.ReturnAsync(broker, baseline);
        }

        campaign.Say($"{campaign.Rounds} processes killed with messages under way; counts back at {baseline}");
    }

    private static async Task PlayAsync(BrokerInProcess broker, RawClient flooder, SeededRandom random, int cut)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(broker.Socket), Campaign.Cancelled);
        var pieces = random.OneIn(4) ? 1 + random.Next(cut + 1) : cut;
        for (var at = 0; at < cut; at += pieces) await socket.SendAsync(Script.AsMemory(at, Math.Min(pieces, cut - at)), Campaign.Cancelled);
        if (random.OneIn(10)) await flooder.SendAsync(Frames.Publish("cut.flood", new string('f', 1 << 20)));
        switch (random.Next(4))
        {
            case 0: // with its own side closed first, and all that comes read
                socket.Shutdown(SocketShutdown.Send);
                await DrainAsync(socket);
                break;
            case 1: // without reading first
                socket.Shutdown(SocketShutdown.Receive);
                break;
            default: // with bytes unread, which the broker sees as a reset
                break;
        }
    }

    private static async Task DrainAsync(Socket socket)
    {
        var buffer = new byte[65536];
        try
        {
            while (await socket.ReceiveAsync(buffer, Campaign.Cancelled).AsTask().WaitAsync(Wait.Patience, Campaign.Cancelled) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Reset: an end as good as any.
        }
    }

    private static async Task<int> ReadAsync(RawClient honest)
    {
        for (var seen = 0; ; seen++)
        {
            var frame = await honest.NextFrameAsync();
            Assert.Equal(ScanResult.Done, FrameScanner.Scan(frame, Limits.Ceiling, out var head));
            if (head.Kind == FrameKind.Ping) await honest.SendAsync(Frames.Pong(0));
            if (head.Kind != FrameKind.Publish) continue;
            var text = System.Text.Encoding.UTF8.GetString(frame!, head.PayloadStart, head.PayloadLength);
            if (text == "last") return seen;
            Assert.Equal(Payload, text);
        }
    }
}
