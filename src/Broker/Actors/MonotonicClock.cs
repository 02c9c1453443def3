using System.Diagnostics;
using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Actors;

/// <summary>The machine's monotonic clock, the same one that <see cref="Stopwatch"/> reads.</summary>
internal sealed class MonotonicClock : IMonotonicClock
{
    public long Milliseconds => 1 + (long)Now;

    public long After(long milliseconds) => 1 + (long)Math.Ceiling(Now) + milliseconds;

    private static double Now => Stopwatch.GetElapsedTime(0).TotalMilliseconds;
}
