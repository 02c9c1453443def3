namespace UdsBroker.Broker.Transport;

/// <summary>
/// Decides whether threads that wait for news look for a moment before they sleep. To wake a sleeping thread, on a core that sleeps
/// as well, costs more than all the rest of a small message; to look in vain costs processor time. So they look only when the last wait was
/// short enough for it, for no longer than the limit, and not while others need the core: each look gives it away first, so that one
/// which took long shows it, and then there are no more looks for a while.
/// </summary>
/// <remarks>
/// Any thread may call, without a lock: what they miss of each other is a look too many or too few. All times are ticks of one monotonic clock.
/// </remarks>
/// <param name="limit">The longest time to look; 0 never looks.</param>
/// <param name="tooLong">A look that takes longer shows that others need the core.</param>
/// <param name="shortestPause">How long there are no looks after one that took too long; each further one doubles it.</param>
/// <param name="longestPause">As long as that gets.</param>
internal sealed class SpinJudge(long limit, long tooLong, long shortestPause, long longestPause)
{
    /// <summary>After so many pauses' time without a slow look the next pause is a short one again.</summary>
    private const int Forgiving = 8;

    private long _pause;
    private long _pausedAt = long.MinValue / 2;
    private long _lastBegan;
    private bool _wasShort;

    /// <summary>A wait begins; true if it is worth to look before sleeping.</summary>
    internal bool Begin(long now)
    {
        _lastBegan = now;
        return _wasShort && now - _pausedAt > _pause;
    }

    /// <summary>After a look in vain: whether to look once more.</summary>
    /// <param name="began">When the wait began.</param>
    /// <param name="looked">When the last look began.</param>
    /// <param name="now">When it ended.</param>
    internal bool MayGoOn(long began, long looked, long now)
    {
        if (now - looked <= tooLong) return now - began < limit;
        _pause = now - _pausedAt > _pause * Forgiving ? shortestPause : Math.Min(_pause * 2, longestPause);
        _pausedAt = now;
        return false;
    }

    /// <summary>News came to one of the threads.</summary>
    internal void End(long now) => _wasShort = now - _lastBegan <= limit;
}
