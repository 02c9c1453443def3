using System.Collections.Concurrent;

namespace UdsBroker.Broker.Buffers;

/// <summary>
/// Slabs for reuse. Sizes are powers of two from a cache line to the size of the receive buffer; each size keeps a bounded number
/// of idle slabs, so a burst does not stay resident. A larger slab, for a frame that outgrows the receive buffer, is made for
/// the occasion, of exactly the size asked for, and left to the garbage collector; where large frames follow each other, whole ones up to
/// <see cref="LargestWhole"/> are kept as well.
/// </summary>
/// <remarks>
/// Slabs below a page hold single messages that wait; they are copied on their way out and never handed to a system call, so they
/// are not pinned. Any thread may rent and return.
/// </remarks>
internal sealed class SlabPool
{
    private const int SmallestShift = 6;
    private const int PinnedShift = 12;

    /// <summary>The largest size that is kept for reuse.</summary>
    internal const int LargestWhole = 1 << 20;

    private readonly ConcurrentQueue<Slab>[] _idle;
    private readonly int[] _idleCount;
    private readonly int _idleLimit;
    private long _leased;

    /// <param name="slabBytes">The usual size of a receive buffer, in bytes; rounded up to a power of two.</param>
    /// <param name="idleBytes">How many bytes of idle slabs each size may keep.</param>
    internal SlabPool(int slabBytes, int idleBytes = 8 << 20)
    {
        SlabBytes = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(slabBytes, 1 << PinnedShift));
        _idleLimit = idleBytes;
        _idle = new ConcurrentQueue<Slab>[ShiftOf(Math.Max(SlabBytes, LargestWhole)) - SmallestShift + 1];
        _idleCount = new int[_idle.Length];
        for (var i = 0; i < _idle.Length; i++) _idle[i] = new ConcurrentQueue<Slab>();
    }

    /// <summary>The size that an ordinary receive uses.</summary>
    internal int SlabBytes { get; }

    /// <summary>How many slabs are in use: zero when nothing is received, queued or waiting.</summary>
    internal long Leased => Volatile.Read(ref _leased);

    /// <summary>
    /// A slab of at least that many bytes with one reference, owned by the caller, of exactly so many beyond <see cref="SlabBytes"/>. Its content is
    /// undefined.
    /// </summary>
    internal Slab Rent(int atLeast) => atLeast <= SlabBytes ? RentWhole(atLeast) : Lease(new Slab(this, GC.AllocateUninitializedArray<byte>(atLeast, pinned: true)));

    /// <summary>As <see cref="Rent"/>, of a size that is kept for reuse: the next power of two.</summary>
    /// <param name="atLeast">Bytes, at most <see cref="LargestWhole"/> or <see cref="SlabBytes"/>.</param>
    internal Slab RentWhole(int atLeast)
    {
        var shift = ShiftOf(Math.Max(atLeast, 1 << SmallestShift));
        var shelf = shift - SmallestShift;
        if (_idle[shelf].TryDequeue(out var slab)) Interlocked.Decrement(ref _idleCount[shelf]);
        return Lease(slab ?? new Slab(this, GC.AllocateUninitializedArray<byte>(1 << shift, pinned: shift >= PinnedShift)));
    }

    internal void Return(Slab slab)
    {
        var shift = ShiftOf(slab.Bytes.Length);
        var shelf = shift - SmallestShift;
        Interlocked.Decrement(ref _leased);
        if (shelf >= _idle.Length || slab.Bytes.Length != 1 << shift) return;
        var limit = shift < PinnedShift ? _idleLimit / 8 : _idleLimit;
        if (((long)Interlocked.Increment(ref _idleCount[shelf]) << shift) > Math.Max(limit, slab.Bytes.Length))
        {
            Interlocked.Decrement(ref _idleCount[shelf]);
            return;
        }

        _idle[shelf].Enqueue(slab);
    }

    private Slab Lease(Slab slab)
    {
        slab.Lease();
        Interlocked.Increment(ref _leased);
        return slab;
    }

    private static int ShiftOf(int bytes) => System.Numerics.BitOperations.Log2(System.Numerics.BitOperations.RoundUpToPowerOf2((uint)bytes));
}
