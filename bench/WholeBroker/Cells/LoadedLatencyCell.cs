using System.Diagnostics;
using UdsBroker.Bench.Contenders;
using UdsBroker.Bench.Load;
using UdsBroker.Bench.Native;

namespace UdsBroker.Bench.Cells;

/// <summary>
/// From when a burst of messages was due to when its last message arrived, a burst every 200 microseconds, at a rate that is the same for
/// all or half of what this very broker reached a moment before. A burst that had to wait because the one before it was late counts its
/// wait: the schedule does not slip.
/// </summary>
/// <param name="payloadBytes">The bytes of each payload.</param>
/// <param name="messagesPerSecond">The rate; null for half of the broker's own.</param>
/// <param name="round">How long a round publishes.</param>
internal sealed class LoadedLatencyCell(int payloadBytes, int? messagesPerSecond, TimeSpan round) : Cell
{
    private const int BurstsPerSecond = 5000;
    private const int MaxInFlight = 1 << 16;

    private readonly Traffic _traffic = new(payloadBytes);

    internal override IReadOnlyList<Row> Rows { get; } =
    [
        new Row($"latency one way, {payloadBytes} B, {Load(messagesPerSecond)}: p50", "us", MoreIsBetter: false),
        new Row($"latency one way, {payloadBytes} B, {Load(messagesPerSecond)}: p99", "us", MoreIsBetter: false),
        new Row($"latency one way, {payloadBytes} B, {Load(messagesPerSecond)}: p99.9", "us", MoreIsBetter: false),
    ];

    internal override double[] Measure(BrokerProcess broker, Func<BrokerProcess> startFresh)
    {
        var times = AtRate(broker, messagesPerSecond ?? HalfOfItsThroughput(broker));
        return [times.Microseconds(0.5), times.Microseconds(0.99), times.Microseconds(0.999)];
    }

    private static string Load(int? rate) => rate is { } known ? $"{known:N0} messages/s" : "at half of its own rate";

    private double HalfOfItsThroughput(BrokerProcess broker) => _traffic.With(broker, verify: false, (flow, _) =>
    {
        var (messages, elapsed) = flow.Run(round / 2);
        return messages / elapsed.TotalSeconds / 2;
    });

    private Percentiles AtRate(BrokerProcess broker, double rate)
    {
        const string subject = "bench.load";
        var wire = broker.Wire;
        var block = Block.Create(wire, [(subject, 1, subject)], payloadBytes);
        using var subscriberLink = broker.Connect();
        subscriberLink.Subscribe(1, subject);
        using var publisher = broker.Connect();
        publisher.Announce(subject);
        var subscriber = new Subscriber(subscriberLink, wire.Count(block.Delivered.AsMemory(0, block.DeliveredLength), null));
        var buffer = GC.AllocateUninitializedArray<byte>(1 << 20, pinned: true); // larger than any packet, whose rest would be lost
        var due = new long[MaxInFlight];
        var times = new Percentiles(1_000_000);
        var burst = (int)Math.Clamp(rate / BurstsPerSecond, 1, block.Messages);
        var interval = burst / rate * Stopwatch.Frequency;
        var start = Stopwatch.GetTimestamp();
        var bursts = (long)(round.TotalSeconds * Stopwatch.Frequency / interval);
        var bytes = block.Published.AsSpan(0, block.PublishedLength * burst);
        var piece = wire.MaxPacket / block.PublishedLength * block.PublishedLength; // whole messages, where they have to be
        long sent = 0, arrived = 0;
        var position = 0; // bytes of the burst that the kernel took only in part
        while (arrived < bursts)
        {
            var dueAt = start + (long)(sent * interval);
            if (sent < bursts && sent - arrived < MaxInFlight && (position > 0 || Stopwatch.GetTimestamp() >= dueAt))
            {
                position += Posix.TrySend(publisher.Descriptor, bytes.Slice(position, Math.Min(bytes.Length - position, piece)));
                if (position == bytes.Length)
                {
                    due[sent % MaxInFlight] = dueAt;
                    sent++;
                    position = 0;
                    Posix.TryReceive(publisher.Descriptor, buffer);
                }
            }

            if (!subscriber.Receive(buffer)) continue;
            var now = Stopwatch.GetTimestamp();
            for (; arrived < subscriber.Counter.Messages / burst; arrived++) times.Add(now - due[arrived % MaxInFlight]);
        }

        return times;
    }
}
