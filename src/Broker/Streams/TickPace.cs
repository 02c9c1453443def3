using System.Diagnostics;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Tells the ticks of a periodic timer at which an interval is over from those that make up for others: when the broker itself stood still, stopped or
/// without a processor, the timers of the runtime catch up, and all that they missed comes at once. Whoever judges a peer by what it did between two
/// ticks must not count those. The time comes in, as of <see cref="Stopwatch"/>. Not thread-safe.
/// </summary>
internal struct TickPace
{
    private long _last;

    /// <summary>The timer begins.</summary>
    internal void Begin(long now) => _last = now;

    /// <summary>False for a tick that comes too soon behind the last one that counted.</summary>
    /// <param name="now">A time stamp of <see cref="Stopwatch"/>.</param>
    /// <param name="interval">The timer's.</param>
    /// <param name="elapsed">How long it was since the last tick that counted.</param>
    internal bool IsTick(long now, TimeSpan interval, out TimeSpan elapsed)
    {
        elapsed = Stopwatch.GetElapsedTime(_last, now);
        if (elapsed < interval / 2) return false;
        _last = now;
        return true;
    }
}
