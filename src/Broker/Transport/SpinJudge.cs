namespace UdsBroker.Broker.Transport;

/// <summary>
/// Decides whether polling threads spin for a moment before they sleep. Waking a sleeping thread on a sleeping core costs more than all the
/// rest of a small message, but spinning in vain costs processor time. So they spin only when the last wait was short, for no longer than
/// the limit, and not while other threads need the core: each iteration yields the core, so a slow one shows that others need it, and then
/// spinning pauses for a while.
/// </summary>
/// <remarks>
/// Thread-safe without a lock: a lost update costs one iteration too many or too few. All times are ticks of one monotonic clock.
/// </remarks>
/// <param name="limit">The longest time to spin; 0 never spins.</param>
/// <param name="tooLong">An iteration that takes longer shows that others need the core.</param>
/// <param name="shortestPause">How long spinning pauses after a slow iteration; each further one doubles it.</param>
/// <param name="longestPause">The longest such pause.</param>
internal sealed class SpinJudge(long limit, long tooLong, long shortestPause, long longestPause)
{
    /// <summary>After this many pause lengths without a slow iteration the next pause is a short one again.</summary>
    private const int CalmPauses = 8;

    private long _pause;
    private long _pausedAt = long.MinValue / 2;
    private long _lastBegan;
    private bool _wasShort;

    /// <summary>Begins a wait; true if spinning before sleeping pays.</summary>
    internal bool Begin(long now)
    {
        _lastBegan = now;
        return _wasShort && now - _pausedAt > _pause;
    }

    /// <summary>After a poll without an event: whether to poll once more.</summary>
    /// <param name="began">When the wait began.</param>
    /// <param name="polled">When the last poll began.</param>
    /// <param name="now">When it ended.</param>
    internal bool MaySpinOn(long began, long polled, long now)
    {
        if (now - polled <= tooLong) return now - began < limit;
        _pause = now - _pausedAt > _pause * CalmPauses ? shortestPause : Math.Min(_pause * 2, longestPause);
        _pausedAt = now;
        return false;
    }

    /// <summary>Reports that one of the threads has received an event.</summary>
    internal void End(long now) => _wasShort = now - _lastBegan <= limit;
}
