namespace UdsBroker.Broker.Actors;

/// <summary>
/// Spreads the GOODBYEs to many connections evenly over a period, so that their clients do not all reconnect to another broker at once.
/// Pure: the time is an argument.
/// </summary>
/// <param name="all">The connections, in the order in which they are told.</param>
/// <param name="period">The time from the first GOODBYE to the last.</param>
internal sealed class GoodbyeSchedule<T>(IReadOnlyList<T> all, TimeSpan period)
{
    /// <summary>The shortest timer interval that is worth its cost.</summary>
    private static readonly TimeSpan MinStep = TimeSpan.FromMilliseconds(10);

    private int _said;

    /// <summary>How long to wait between two steps.</summary>
    internal TimeSpan Step => TimeSpan.FromTicks(Math.Max(MinStep.Ticks, period.Ticks / Math.Max(1, all.Count)));

    /// <summary>Whether all were told.</summary>
    internal bool IsOver => _said == all.Count;

    /// <summary>The connections to tell now.</summary>
    /// <param name="elapsed">The time since the beginning.</param>
    internal IEnumerable<T> Due(TimeSpan elapsed)
    {
        var from = _said;
        _said = elapsed >= period ? all.Count : Math.Min(all.Count, 1 + (int)(elapsed / period * all.Count));
        return all.Skip(from).Take(_said - from);
    }
}
