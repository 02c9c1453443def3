namespace UdsBroker.Broker.Buffers;

/// <summary>
/// Slabs for reuse. Sizes are powers of two from a cache line to the size of the receive buffer; each size keeps a bounded number
/// of idle slabs, so a burst does not stay resident. A larger slab, for a frame that outgrows the receive buffer, is allocated with exactly
/// the requested size and left to the garbage collector; for connections with many large frames, power-of-two slabs up to
/// <see cref="LargestWhole"/> are kept as well.
/// </summary>
/// <remarks>
/// Slabs below a page hold single messages that wait; they are copied on their way out and never passed to a system call, so they are not
/// pinned. Slabs that are not kept are not pinned either: they would fragment a bounded heap. The slab returned last is rented first,
/// because its memory is still in the processor's cache. Thread-safe.
/// </remarks>
internal class SlabPool
{
    private const int SmallestShift = 6;
    private const int PinnedShift = 12;
    private const int MaxIdleBytes = 8 << 20;

    /// <summary>The largest size that is kept for reuse.</summary>
    internal const int LargestWhole = 1 << 20;

    private readonly FreeList[] _freeLists;
    private long _leased;

    /// <param name="slabBytes">The usual size of a receive buffer, in bytes; rounded up to a power of two.</param>
    /// <param name="idleBytes">How many bytes of idle slabs each size may keep.</param>
    internal SlabPool(int slabBytes, int idleBytes = MaxIdleBytes)
    {
        SlabBytes = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(slabBytes, 1 << PinnedShift));
        _freeLists = new FreeList[ShiftOf(Math.Max(SlabBytes, LargestWhole)) - SmallestShift + 1];
        for (var i = 0; i < _freeLists.Length; i++)
        {
            var shift = i + SmallestShift;
            _freeLists[i] = new FreeList(Math.Max((shift < PinnedShift ? idleBytes / 8 : idleBytes) >> shift, 1));
        }
    }

    /// <summary>
    /// How many idle bytes each size may keep for a given memory budget: 8 MiB, or a 64th of the budget if that is less, so that all sizes
    /// together stay below a fifth of it.
    /// </summary>
    internal static int IdleBytesFor(long budget) => (int)Math.Min(budget / 64, MaxIdleBytes);

    /// <summary>The size that an ordinary receive uses.</summary>
    internal int SlabBytes { get; }

    /// <summary>How many slabs are in use: zero when nothing is received, queued or waiting.</summary>
    internal long Leased => Volatile.Read(ref _leased);

    /// <summary>
    /// A slab of at least this many bytes, of exactly this many beyond <see cref="SlabBytes"/>, with one reference that the caller owns.
    /// Its content is undefined.
    /// </summary>
    internal Slab Rent(int atLeast) => atLeast <= SlabBytes ? RentWhole(atLeast) : Lease(new Slab(this, Allocate(atLeast, isPinned: false)));

    /// <summary>As <see cref="Rent"/>, of a size that is kept for reuse: the next power of two.</summary>
    /// <param name="atLeast">Bytes, at most <see cref="LargestWhole"/> or <see cref="SlabBytes"/>.</param>
    internal Slab RentWhole(int atLeast)
    {
        var shift = ShiftOf(Math.Max(atLeast, 1 << SmallestShift));
        return Lease(_freeLists[shift - SmallestShift].Take() ?? new Slab(this, Allocate(1 << shift, shift >= PinnedShift)));
    }

    internal void Return(Slab slab)
    {
        var shift = ShiftOf(slab.Bytes.Length);
        Interlocked.Decrement(ref _leased);
        if (shift - SmallestShift < _freeLists.Length && slab.Bytes.Length == 1 << shift) _freeLists[shift - SmallestShift].Put(slab);
    }

    /// <summary>New memory from the runtime.</summary>
    /// <exception cref="OutOfMemoryException">There is none: the heap or the machine is exhausted.</exception>
    protected virtual byte[] Allocate(int bytes, bool isPinned) => GC.AllocateUninitializedArray<byte>(bytes, isPinned);

    private Slab Lease(Slab slab)
    {
        slab.Lease();
        Interlocked.Increment(ref _leased);
        return slab;
    }

    private static int ShiftOf(int bytes) => System.Numerics.BitOperations.Log2(System.Numerics.BitOperations.RoundUpToPowerOf2((uint)bytes));

    /// <summary>The idle slabs of one size, up to a limit.</summary>
    private sealed class FreeList(int limit)
    {
        private readonly Lock _lock = new();
        private readonly Stack<Slab> _idle = new();

        internal Slab? Take()
        {
            lock (_lock) return _idle.TryPop(out var slab) ? slab : null;
        }

        internal void Put(Slab slab)
        {
            lock (_lock)
            {
                if (_idle.Count < limit) _idle.Push(slab);
            }
        }
    }
}
