using System.Diagnostics;
using UdsBroker.Bench.Contenders;
using UdsBroker.Bench.Load;
using UdsBroker.Bench.Native;

namespace UdsBroker.Bench.Cells;

/// <summary>From the start of the process to the first message that went through it.</summary>
internal sealed class StartCell : Cell
{
    private const string Subject = "bench.first";

    internal override IReadOnlyList<Row> Rows { get; } = [new Row("start of the process to the first message", "ms", MoreIsBetter: false)];

    internal override void WarmUp(BrokerProcess broker)
    {
    }

    internal override double[] Measure(BrokerProcess broker, Func<BrokerProcess> startFresh)
    {
        if (broker.Wire.Greeting.IsEmpty) return [double.NaN];
        var start = Stopwatch.GetTimestamp();
        using var fresh = startFresh();
        using var subscriber = fresh.Connect();
        subscriber.Subscribe(1, Subject);
        using var publisher = fresh.Connect();
        Posix.SendAll(publisher.Descriptor, fresh.Wire.Publish(Subject, Block.Payload(128)));
        Span<byte> buffer = stackalloc byte[1024];
        Posix.Receive(subscriber.Descriptor, buffer);
        return [Stopwatch.GetElapsedTime(start).TotalMilliseconds];
    }
}
