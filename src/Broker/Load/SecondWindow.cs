namespace UdsBroker.Broker.Load;

/// <summary>
/// Counts events within a second, which begins with the first of them; the next event after it begins a new one. The time is an argument,
/// in milliseconds of <see cref="IMonotonicClock"/>. Not thread-safe.
/// </summary>
internal struct SecondWindow
{
    private const int Second = 1000;

    private long _start;
    private int _taken;

    /// <summary>Counts one event.</summary>
    internal void Take(long now)
    {
        if (IsOverAt(now)) (_start, _taken) = (now, 0);
        _taken++;
    }

    /// <summary>How long to wait before another event, when <paramref name="max"/> are allowed in a second; zero for now.</summary>
    internal readonly TimeSpan WaitFor(int max, long now) => _taken < max || IsOverAt(now) ? TimeSpan.Zero : TimeSpan.FromMilliseconds(_start + Second - now);

    /// <summary>Whether the second is over, so that its events no longer count.</summary>
    internal readonly bool IsOverAt(long now) => _taken == 0 || now - _start >= Second;
}
