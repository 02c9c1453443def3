namespace UdsBroker.Client;

/// <summary>
/// The timeouts of all requests of a client, by one timer: it is set to the nearest deadline, ends what is due, and is set again. Requests
/// that are answered cost nothing here; with equal timeouts it runs about once in each. No request ends early; it ends at most some tens of
/// milliseconds late, because sweeps keep a distance of <see cref="Grain"/>.
/// </summary>
internal sealed class RequestSweep(PendingRequests requests, TimeProvider time) : IDisposable
{
    /// <summary>The least time between two sweeps, which look at every request.</summary>
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(16);

    /// <summary>Timers hold seven weeks at most; whatever is due later is looked at again before.</summary>
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

    /// <summary>A request with this deadline was added.</summary>
    public void Cover(long deadline)
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

    /// <summary>Not with the execution context of whoever happens to ask first.</summary>
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
        if (nearest != long.MaxValue) Cover(Math.Max(nearest, now + (long)(Grain.TotalSeconds * time.TimestampFrequency)));
    }
}
