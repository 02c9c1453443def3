using System.Diagnostics;
using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Actors;

/// <summary>The clock of the machine that nobody can set, since the machine has started: the same for all who read it, in this form or another.</summary>
internal sealed class MonotonicClock : IMonotonicClock
{
    public long Milliseconds => 1 + (long)Now;

    public long After(long milliseconds) => 1 + (long)Math.Ceiling(Now) + milliseconds;

    private static double Now => Stopwatch.GetElapsedTime(0).TotalMilliseconds;
}
