using System.Diagnostics;
using UdsBroker.Bench.Contenders;
using UdsBroker.Bench.Load;
using UdsBroker.Bench.Native;

namespace UdsBroker.Bench.Cells;

/// <summary>From before the publisher's send to after the subscriber's receive, one message at a time through a broker that is otherwise idle.</summary>
internal sealed class LatencyCell(int payloadBytes, TimeSpan round) : Cell
{
    private const string Subject = "bench.latency";

    internal override IReadOnlyList<Row> Rows { get; } =
    [
        new Row($"latency one way, {payloadBytes} B, idle: p50", "us", MoreIsBetter: false),
        new Row($"latency one way, {payloadBytes} B, idle: p99", "us", MoreIsBetter: false),
        new Row($"latency one way, {payloadBytes} B, idle: p99.9", "us", MoreIsBetter: false),
    ];

    internal override double[] Measure(BrokerProcess broker, Func<BrokerProcess> startFresh)
    {
        var wire = broker.Wire;
        var payload = Block.Payload(payloadBytes);
        using var subscriber = broker.Connect();
        subscriber.Subscribe(1, Subject);
        using var publisher = broker.Connect();
        publisher.Announce(Subject);
        var message = wire.Publish(Subject, payload);
        var counter = wire.Count(wire.Delivered(1, Subject, Subject, payload), null);
        var buffer = GC.AllocateUninitializedArray<byte>(65536, pinned: true);
        var times = new Percentiles(1_000_000);
        var end = Stopwatch.GetTimestamp() + (long)(round.TotalSeconds * Stopwatch.Frequency);
        for (long sent = 1; ; sent++)
        {
            var start = Stopwatch.GetTimestamp();
            if (start >= end) break;
            Posix.SendAll(publisher.Descriptor, message);
            while (counter.Messages < sent) counter.Feed(buffer.AsSpan(0, Posix.Receive(subscriber.Descriptor, buffer)));
            times.Add(Stopwatch.GetTimestamp() - start);
            Answers(publisher.Descriptor, buffer);
        }

        return [times.Microseconds(0.5), times.Microseconds(0.99), times.Microseconds(0.999)];
    }

    private static void Answers(int descriptor, Span<byte> buffer) => Posix.TryReceive(descriptor, buffer);
}
