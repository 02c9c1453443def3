namespace UdsBroker.Broker.Buffers;

/// <summary>
/// A reference-counted piece of memory that received bytes land in and that recipients send from, so that one copy of a
/// message serves every subscriber. Every holder of a slice holds a reference; the last release returns it to its pool. Counting is
/// thread-safe; bytes before a published position are never written again while a reference exists.
/// </summary>
internal sealed class Slab
{
    private readonly SlabPool _pool;
    private int _references;

    internal Slab(SlabPool pool, byte[] bytes)
    {
        _pool = pool;
        Bytes = bytes;
    }

    /// <summary>The memory itself, pinned for its whole life so that a system call need not pin it again.</summary>
    internal byte[] Bytes { get; }

    /// <summary>True when the caller's reference is the only one, so that nobody else reads and the bytes may be overwritten.</summary>
    internal bool IsUnshared => Volatile.Read(ref _references) == 1;

    internal void Retain() => Interlocked.Increment(ref _references);

    internal void Release()
    {
        var left = Interlocked.Decrement(ref _references);
        if (left == 0) _pool.Return(this);
        else if (left < 0) throw new InvalidOperationException("A slab was released more often than it was retained.");
    }

    internal void Lease() => Volatile.Write(ref _references, 1);
}
