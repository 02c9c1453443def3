using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// I1, I7: hostile sessions against the whole core, scanner, session, routing and outboxes, beside an honest pair. A peer that breaks the
/// protocol ends with a reason and alone; when it is gone nothing of it is left; the honest pair notices nothing.
/// </summary>
public sealed class CoreFuzzTests
{
    // With the scanner's fuzz a minute of it in every run.
    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(30);

    private static readonly CloseReason[] Expected =
        [CloseReason.Violation, CloseReason.FrameTooBig, CloseReason.ClientClosed, CloseReason.UnsupportedVersion, CloseReason.SlowConsumer];

    [Fact]
    public void A_hostile_session_ends_alone_and_leaves_nothing_behind()
    {
        var campaign = Campaign.Begin("core fuzz", inCi: 150_000, whenLong: 10_000_000);
        var broker = new CoreBroker();
        var (publisher, subscriber) = (broker.Connect(), broker.Connect());
        subscriber.Send(Frames.Subscribe(1, "honest.*"));
        var baseline = (broker.Table.Current.Count, broker.Pool.Leased, broker.Memory.Bytes);
        var generator = new FrameGenerator();
        var reasons = new SortedDictionary<string, long>();
        foreach (var round in campaign.RoundsFor(AtLeast))
        {
            if (round % 4096 == 0) Campaign.Cancelled.ThrowIfCancellationRequested();
            try
            {
                var reason = Attack(broker, generator, new SeededRandom(campaign.Seed, round));
                reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
                Assert.Equal(baseline, (broker.Table.Current.Count, broker.Pool.Leased, broker.Memory.Bytes));
                if (round % 64 == 0) Exchange(publisher, subscriber, round);
            }
            catch (Exception failure)
            {
                throw campaign.Replayable(round, failure);
            }
        }

        campaign.Say($"{campaign.Rounds} sessions: {string.Join(", ", reasons.Select(reason => $"{reason.Key} {reason.Value}"))}");
        Assert.True(reasons.GetValueOrDefault("Violation") > campaign.Rounds / 20);
        Assert.True(reasons.GetValueOrDefault("alive") > campaign.Rounds / 20);
    }

    // What a session may make the broker allocate, for each byte and in all: a control frame of four bytes is answered with a sentence.
    private const int MostPerByte = 256;
    private const int MostPerSession = 64 << 10;

    // One session from its first byte to its end; returns why it ended, or that it would have lived on.
    private static string Attack(CoreBroker broker, FrameGenerator generator, SeededRandom random)
    {
        var peer = broker.Accept();
        var isGreeted = !random.OneIn(4);
        if (isGreeted) peer.Send(Frames.Hello());
        if (random.OneIn(3)) peer.Socket.Room = random.Next(4000);
        var (allocated, sent) = (0L, 0);
        for (var sends = 1 + random.Next(3); sends > 0; sends--)
        {
            var bytes = generator.Next(random, isGreeted).ToArray();
            isGreeted = true;
            var cut = random.Next(bytes.Length + 1);
            var before = GC.GetAllocatedBytesForCurrentThread();
            sent += bytes.Length;
            if (cut > 0) peer.Send(bytes[..cut]);
            if (random.OneIn(4)) peer.Write();
            if (cut < bytes.Length) peer.Send(bytes[cut..]);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        if (allocated > MostPerSession + ((long)sent * MostPerByte)) Assert.Fail($"{sent} bytes made the broker allocate {allocated}");

        if (peer.IsHeldBack) peer.StallTimer();
        peer.Resume();
        var received = Received.Parse(peer.Socket.TakeReceived(), mayBeCut: true);
        Assert.True(received.Welcomes.Count <= 1);
        foreach (var ending in peer.Endings) Assert.NotEmpty(ending.Message + ending.Reason);
        var reason = peer.Endings.FirstOrDefault()?.Reason;
        Assert.True(reason is null || Expected.Contains(reason.Value), $"ended as {reason}");
        peer.Close();
        broker.Kept.Retained.Clear();
        broker.Kept.Delayed.Clear();
        return reason?.ToString() ?? "alive";
    }

    private static void Exchange(CoreConnection publisher, CoreConnection subscriber, long round)
    {
        var payload = $"round {round}";
        publisher.Send(Frames.Publish("honest.pair", payload));
        Assert.Equal(payload, Assert.Single(Received.Parse(subscriber.Socket.TakeReceived()).Deliveries).Payload);
        publisher.Socket.TakeReceived();
    }
}
