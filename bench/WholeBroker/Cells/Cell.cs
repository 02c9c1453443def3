using UdsBroker.Bench.Contenders;

namespace UdsBroker.Bench.Cells;

/// <summary>One measurement, made of every broker in short rounds that alternate between them.</summary>
internal abstract class Cell
{
    /// <summary>What a round yields, one row of the table each.</summary>
    internal abstract IReadOnlyList<Row> Rows { get; }

    /// <summary>Runs once before the measurement, and verifies every byte where possible.</summary>
    internal virtual void WarmUp(BrokerProcess broker) => Measure(broker, () => throw new NotSupportedException());

    /// <summary>Measures once.</summary>
    /// <param name="broker">A broker that has been running for a while.</param>
    /// <param name="startFresh">Starts another one, which the caller disposes.</param>
    /// <returns>A value for each row; not a number where it does not apply to this broker.</returns>
    internal abstract double[] Measure(BrokerProcess broker, Func<BrokerProcess> startFresh);
}
