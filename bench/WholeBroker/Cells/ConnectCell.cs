using System.Diagnostics;
using UdsBroker.Bench.Contenders;

namespace UdsBroker.Bench.Cells;

/// <summary>Connections in a second, one after the other: connect, greet, be greeted, close.</summary>
internal sealed class ConnectCell(TimeSpan round) : Cell
{
    internal override IReadOnlyList<Row> Rows { get; } = [new Row("connects, one after the other", "connects/s")];

    internal override double[] Measure(BrokerProcess broker, Func<BrokerProcess> startFresh)
    {
        if (broker.Wire.Greeting.IsEmpty) return [double.NaN];
        var count = 0;
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < round)
        {
            broker.Connect().Dispose();
            count++;
        }

        return [count / Stopwatch.GetElapsedTime(start).TotalSeconds];
    }
}
