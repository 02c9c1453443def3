namespace UdsBroker.Client;

/// <summary>
/// Keeps the receive buffers of one size for the next use, so that the steady state allocates nothing. Buffers are given back on the thread of
/// whichever reader was last and taken on the reading thread, which is why this is one short list under a lock and not a per-thread cache. What does
/// not fit the list is left to the garbage collector.
/// </summary>
internal sealed class ReceiveBufferPool(int capacity, int keep)
{
    /// <summary>For the reading threads. 256 KiB: more than a default socket holds, so that one read empties it; half as many again as hold what
    /// a subscription may keep by default, since they are not filled to the brim. The larger ones are for larger messages.</summary>
    private static readonly ReceiveBufferPool[] ForSockets = [new(256 * 1024, keep: 48), new(1024 * 1024, keep: 12), new(4 * 1024 * 1024, keep: 4), new(32 * 1024 * 1024, keep: 1)];

    /// <summary>For runs that are copied out of a large buffer, so that a few bytes waiting for a slow reader do not pin all of it.</summary>
    private static readonly ReceiveBufferPool Small = new(16 * 1024, keep: 128);

    private readonly Lock _gate = new();
    private readonly ReceiveBuffer[] _free = new ReceiveBuffer[keep];
    private int _count;

    /// <summary>A buffer for a reading thread, from the first pool whose buffers are large enough.</summary>
    public static ReceiveBuffer TakeForSocket(int atLeast)
    {
        foreach (ReceiveBufferPool pool in ForSockets)
        {
            if (pool.Capacity >= atLeast) return pool.Take();
        }

        return new ReceiveBuffer(atLeast, home: null);
    }

    /// <summary>A buffer for copies of runs, small if the run is.</summary>
    public static ReceiveBuffer TakeForCopies(int atLeast) => atLeast <= Small.Capacity ? Small.Take() : TakeForSocket(atLeast);

    private int Capacity => capacity;

    /// <summary>A buffer with one reference.</summary>
    public ReceiveBuffer Take()
    {
        lock (_gate)
        {
            if (_count > 0)
            {
                ReceiveBuffer taken = _free[--_count];
                _free[_count] = null!;
                taken.Revive();
                return taken;
            }
        }

        return new ReceiveBuffer(capacity, this);
    }

    internal void Return(ReceiveBuffer buffer)
    {
        lock (_gate)
        {
            if (_count < _free.Length) _free[_count++] = buffer;
        }
    }
}
