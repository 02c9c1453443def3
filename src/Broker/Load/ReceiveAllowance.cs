namespace UdsBroker.Broker.Load;

/// <summary>
/// How many bytes may be read within a second, of one connection or of all connections of a user. Up to a second's worth may be taken at
/// once after a quiet time; what is taken beyond is waited for. Time comes in as an argument, in ticks of 100 ns of a monotonic clock.
/// </summary>
/// <remarks>
/// It keeps one number: until when the bytes taken so far are paid for at the agreed rate. Taking moves it on, time catches up with it. Any
/// thread may take; of those who take at once each waits for its own bytes behind those of the others.
/// </remarks>
internal sealed class ReceiveAllowance
{
    private readonly long _bytesPerSecond;
    private long _paidUntil;

    private ReceiveAllowance(long bytesPerSecond) => _bytesPerSecond = bytesPerSecond;

    /// <summary>The agreed rate.</summary>
    internal long BytesPerSecond => _bytesPerSecond;

    /// <summary>The most that should be taken at once, an eighth of a second's worth, so that pauses are short.</summary>
    internal int MostAtOnce => (int)Math.Clamp(_bytesPerSecond / 8, 1, int.MaxValue);

    /// <summary>An allowance of that rate; null for 0, which is any.</summary>
    internal static ReceiveAllowance? Of(long bytesPerSecond) => bytesPerSecond == 0 ? null : new ReceiveAllowance(bytesPerSecond);

    /// <summary>Takes bytes that were read; returns for how long nothing more should be.</summary>
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

    /// <summary>As the other, for what cannot be waited for: false, and nothing is taken, while what was taken before is not paid for.</summary>
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

    /// <summary>Whether nothing is left of what was taken, so that a new one would be the same.</summary>
    internal bool IsWholeAt(long now) => Volatile.Read(ref _paidUntil) <= now - TimeSpan.TicksPerSecond;

    private long CostOf(int bytes) => (long)Math.Ceiling((double)bytes * TimeSpan.TicksPerSecond / _bytesPerSecond);
}
