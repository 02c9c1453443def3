namespace UdsBroker.Client;

/// <summary>
/// Enforces the timeouts of all requests of a client with one timer: it is set to the nearest deadline, ends what is due, and is set again.
/// Requests that are answered cost nothing here; with equal timeouts it runs about once per timeout. No request ends early, and none more
/// than some tens of milliseconds late, because two sweeps are at least <see cref="MinInterval"/> apart.
/// </summary>
internal sealed class RequestSweep(PendingRequests requests, TimeProvider time) : IDisposable
{
    /// <summary>The least time between two sweeps, each of which examines every request.</summary>
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(16);

    /// <summary>Timers are limited to seven weeks; for a later deadline the timer is set again before.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private long _next = long.MaxValue;
    private ITimer? _timer;
    private bool _isDisposed;

    /// <summary>The time stamp at which a request that begins now has to end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    public long DeadlineAfter(TimeSpan patience)
    {
        if (patience == Timeout.InfiniteTimeSpan) return long.MaxValue;
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, TimeSpan.Zero);
        double stamps = patience.TotalSeconds * time.TimestampFrequency;
        long now = time.GetTimestamp();
        return stamps >= long.MaxValue - now ? long.MaxValue : now + (long)Math.Ceiling(stamps);
    }

    /// <summary>Makes sure that a sweep comes for a request with this deadline.</summary>
    public void EnsureSweep(long deadline)
    {
        if (deadline < Volatile.Read(ref _next)) Schedule(deadline);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }
    }

    private void Schedule(long deadline)
    {
        lock (_gate)
        {
            if (deadline >= _next || _isDisposed) return;
            Volatile.Write(ref _next, deadline);
            _timer ??= NewTimer();
            _timer.Change(DelayUntil(deadline), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Whole milliseconds, rounded up: a timer would cut off the rest.</summary>
    private TimeSpan DelayUntil(long deadline)
    {
        TimeSpan left = time.GetElapsedTime(time.GetTimestamp(), deadline);
        if (left >= Longest) return Longest;
        return left <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
    }

    /// <summary>Without the execution context of the caller that happens to be first.</summary>
    private ITimer NewTimer()
    {
        using AsyncFlowControl flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        return time.CreateTimer(static sweep => ((RequestSweep)sweep!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void Sweep()
    {
        lock (_gate) Volatile.Write(ref _next, long.MaxValue);
        long now = time.GetTimestamp();
        long nearest = requests.Expire(now);
        if (nearest != long.MaxValue) EnsureSweep(Math.Max(nearest, now + (long)(MinInterval.TotalSeconds * time.TimestampFrequency)));
    }
}
