namespace UdsBroker.Broker.Load;

/// <summary>
/// A rate limit for the bytes read from one connection or from all connections of a user. After a quiet time up to a second's worth may be
/// taken at once; what is taken beyond that has to be waited for. Pure: the time is an argument, in ticks of 100 ns of a monotonic clock.
/// </summary>
/// <remarks>
/// It keeps one number: the time at which the bytes taken so far are paid for at the configured rate. Taking moves it forward, and time
/// catches up. Thread-safe: callers that take at the same time each wait for their own bytes after those of the others.
/// </remarks>
internal sealed class ReceiveAllowance
{
    private readonly long _bytesPerSecond;
    private long _paidUntil;

    private ReceiveAllowance(long bytesPerSecond) => _bytesPerSecond = bytesPerSecond;

    /// <summary>The configured rate.</summary>
    internal long BytesPerSecond => _bytesPerSecond;

    /// <summary>The most that should be taken at once, an eighth of a second's worth, so that pauses are short.</summary>
    internal int MaxAtOnce => (int)Math.Clamp(_bytesPerSecond / 8, 1, int.MaxValue);

    /// <summary>An allowance of that rate; null for 0, which means unlimited.</summary>
    internal static ReceiveAllowance? Of(long bytesPerSecond) => bytesPerSecond == 0 ? null : new ReceiveAllowance(bytesPerSecond);

    /// <summary>Takes bytes that were read; returns how long to wait before reading more.</summary>
    internal TimeSpan Take(int bytes, long now)
    {
        var cost = CostOf(bytes);
        var paid = Volatile.Read(ref _paidUntil);
        while (true)
        {
            var next = Math.Max(paid, now - TimeSpan.TicksPerSecond) + cost;
            var seen = Interlocked.CompareExchange(ref _paidUntil, next, paid);
            if (seen == paid) return TimeSpan.FromTicks(Math.Max(0, next - now));
            paid = seen;
        }
    }

    /// <summary>
    /// As <see cref="Take"/>, for callers that cannot wait: false, and nothing is taken, while earlier bytes are not paid for.
    /// </summary>
    internal bool TryTake(int bytes, long now)
    {
        var cost = CostOf(bytes);
        var paid = Volatile.Read(ref _paidUntil);
        while (paid <= now)
        {
            var seen = Interlocked.CompareExchange(ref _paidUntil, Math.Max(paid, now - TimeSpan.TicksPerSecond) + cost, paid);
            if (seen == paid) return true;
            paid = seen;
        }

        return false;
    }

    /// <summary>Whether a second's worth may be taken at once again, as from a new allowance.</summary>
    internal bool IsFullAt(long now) => Volatile.Read(ref _paidUntil) <= now - TimeSpan.TicksPerSecond;

    private long CostOf(int bytes) => (long)Math.Ceiling((double)bytes * TimeSpan.TicksPerSecond / _bytesPerSecond);
}
