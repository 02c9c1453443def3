using System.Diagnostics;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Filters the ticks of a periodic timer: after the broker was suspended or got no processor, the runtime's timers catch up and all missed
/// ticks come at once. Code that judges a peer by what it did between two ticks must ignore those. Pure: the time is an argument, a time
/// stamp of <see cref="Stopwatch"/>. Not thread-safe.
/// </summary>
internal struct TickPace
{
    private long _last;

    /// <summary>Starts with the timer.</summary>
    internal void Begin(long now) => _last = now;

    /// <summary>False for a tick that comes too soon after the last one that counted.</summary>
    /// <param name="now">A time stamp of <see cref="Stopwatch"/>.</param>
    /// <param name="interval">The timer's.</param>
    /// <param name="elapsed">The time since the last tick that counted.</param>
    internal bool IsTick(long now, TimeSpan interval, out TimeSpan elapsed)
    {
        elapsed = Stopwatch.GetElapsedTime(_last, now);
        if (elapsed < interval / 2) return false;
        _last = now;
        return true;
    }
}
