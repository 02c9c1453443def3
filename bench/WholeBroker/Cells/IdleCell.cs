using UdsBroker.Bench.Contenders;
using UdsBroker.Bench.Load;
using UdsBroker.Bench.Native;

namespace UdsBroker.Bench.Cells;

/// <summary>What a broker that does nothing costs: memory without connections and for each of many idle ones, and processor time.</summary>
/// <param name="connections">Idle connections.</param>
/// <param name="wait">How long it is left alone before its memory is read, and watched while idle.</param>
internal sealed class IdleCell(int connections, TimeSpan wait) : Cell
{
    internal override IReadOnlyList<Row> Rows { get; } =
    [
        new Row("memory, fresh and idle", "MiB", MoreIsBetter: false),
        new Row($"memory for each of {connections:N0} idle connections", "KiB", MoreIsBetter: false),
        new Row($"processor time while idle with {connections:N0} connections", "% of a core", MoreIsBetter: false),
    ];

    internal override void WarmUp(BrokerProcess broker)
    {
    }

    internal override double[] Measure(BrokerProcess broker, Func<BrokerProcess> startFresh)
    {
        if (broker.Wire.Greeting.IsEmpty) return [double.NaN, double.NaN, double.NaN];
        using var fresh = startFresh();
        Wait();
        var before = fresh.ResidentBytes();
        var links = new List<Link>(connections);
        try
        {
            for (var i = 0; i < connections; i++) links.Add(fresh.Connect());
            Wait();
            var used = fresh.ProcessorTime();
            Wait();
            var share = (fresh.ProcessorTime() - used) / wait;
            return [before / 1048576.0, (fresh.ResidentBytes() - before) / 1024.0 / connections, share * 100];
        }
        finally
        {
            links.ForEach(link => link.Dispose());
        }
    }

    private void Wait() => Posix.Poll([], (int)wait.TotalMilliseconds);
}
