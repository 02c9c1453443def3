namespace Akka.Actor;

/// <summary>The time range of a restart budget as the strategies keep it.</summary>
internal static class RestartBudget
{
    public static int Milliseconds(TimeSpan? withinTimeRange) =>
        withinTimeRange is { } range && range != Timeout.InfiniteTimeSpan ? (int)Math.Min(range.TotalMilliseconds, int.MaxValue) : -1;
}
