namespace UdsBroker.Broker.Load;

/// <summary>
/// How many of something there have been within a second, which begins with the first of them; the next one behind it begins another. Time comes in, in
/// milliseconds of <see cref="IMonotonicClock"/>. Not thread-safe.
/// </summary>
internal struct SecondWindow
{
    private const int Second = 1000;

    private long _start;
    private int _taken;

    /// <summary>One more.</summary>
    internal void Take(long now)
    {
        if (IsOverAt(now)) (_start, _taken) = (now, 0);
        _taken++;
    }

    /// <summary>How long until there may be another one, where there may be so many; zero for now.</summary>
    internal readonly TimeSpan WaitFor(int most, long now) => _taken < most || IsOverAt(now) ? TimeSpan.Zero : TimeSpan.FromMilliseconds(_start + Second - now);

    /// <summary>Whether what was taken does not count any more.</summary>
    internal readonly bool IsOverAt(long now) => _taken == 0 || now - _start >= Second;
}
