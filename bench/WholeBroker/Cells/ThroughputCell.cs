using UdsBroker.Bench.Contenders;

namespace UdsBroker.Bench.Cells;

/// <summary>Messages delivered in a second, and optionally the processor time that the broker used for a million of them.</summary>
/// <param name="name">The row.</param>
/// <param name="traffic">Who publishes what to whom.</param>
/// <param name="round">How long a round publishes.</param>
/// <param name="showsProcessorTime">Whether there is a row of processor time, too.</param>
internal sealed class ThroughputCell(string name, Traffic traffic, TimeSpan round, bool showsProcessorTime = false) : Cell
{
    internal override IReadOnlyList<Row> Rows { get; } = showsProcessorTime
        ? [new Row(name, "messages/s"), new Row($"{name}: processor time of the broker", "s per million messages", MoreIsBetter: false)]
        : [new Row(name, "messages/s")];

    internal override void WarmUp(BrokerProcess broker) => traffic.With(broker, verify: true, (flow, _) => flow.Run(round / 2).Messages);

    internal override double[] Measure(BrokerProcess broker, Func<BrokerProcess> startFresh) => traffic.With<double[]>(broker, verify: false, (flow, _) =>
    {
        var before = broker.ProcessorTime();
        var (messages, elapsed) = flow.Run(round);
        var used = broker.ProcessorTime() - before;
        var delivered = messages * (double)traffic.Subscribers;
        var throughput = delivered / elapsed.TotalSeconds;
        return showsProcessorTime ? [throughput, used.TotalSeconds / delivered * 1e6] : [throughput];
    });
}
