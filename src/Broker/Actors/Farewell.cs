namespace UdsBroker.Broker.Actors;

/// <summary>
/// Spreads the goodbyes to many connections evenly over a period, so that their clients do not come back to another broker at one moment. Pure: the
/// time comes in.
/// </summary>
/// <param name="all">To whom goodbye is said, in this order.</param>
/// <param name="period">From the first goodbye to the last.</param>
internal sealed class Farewell<T>(IReadOnlyList<T> all, TimeSpan period)
{
    /// <summary>Fewer at a time are not worth a timer of their own.</summary>
    private static readonly TimeSpan ShortestStep = TimeSpan.FromMilliseconds(10);

    private int _said;

    /// <summary>How long to wait between two steps.</summary>
    internal TimeSpan Step => TimeSpan.FromTicks(Math.Max(ShortestStep.Ticks, period.Ticks / Math.Max(1, all.Count)));

    /// <summary>Whether goodbye was said to all.</summary>
    internal bool IsOver => _said == all.Count;

    /// <summary>To whom goodbye is due now.</summary>
    /// <param name="elapsed">Since the beginning.</param>
    internal IEnumerable<T> Due(TimeSpan elapsed)
    {
        var from = _said;
        _said = elapsed >= period ? all.Count : Math.Min(all.Count, 1 + (int)(elapsed / period * all.Count));
        return all.Skip(from).Take(_said - from);
    }
}
