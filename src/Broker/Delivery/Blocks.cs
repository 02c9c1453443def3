using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// A bump allocator for small items, a block at a time. The first block is small, since most owners need little. Whoever keeps an item
/// retains its block. A mutable struct: a field of its owner, not to be copied; not thread-safe.
/// </summary>
/// <param name="pool">Where blocks come from.</param>
/// <param name="first">The bytes of the first block.</param>
/// <param name="growth">How many times as large the next block is, until they are as large as they get.</param>
internal struct Blocks(SlabPool pool, int first = 4096, int growth = 16)
{
    /// <summary>The most bytes of a block, unless a single item is larger.</summary>
    internal const int Largest = 65536;

    private Slab? _block;
    private int _end;

    /// <summary>The block in which room was reserved last.</summary>
    internal readonly Slab Block => _block!;

    /// <summary>Room for at least this many bytes in one piece.</summary>
    internal Span<byte> Reserve(int bytes)
    {
        if (_block is null || _block.Bytes.Length - _end < bytes) Begin(bytes);
        return _block!.Bytes.AsSpan(_end);
    }

    /// <summary>Keeps the first bytes of the reserved room, and returns their position in the block.</summary>
    internal int Take(int bytes)
    {
        var start = _end;
        _end += bytes;
        return start;
    }

    /// <summary>Releases the block; its items stay valid as long as somebody retains it.</summary>
    internal void Release()
    {
        _block?.Release();
        _block = null;
    }

    private void Begin(int atLeast)
    {
        var size = _block is null ? first : Math.Min(_block.Bytes.Length * growth, Math.Min(Largest, pool.SlabBytes));
        var next = pool.Rent(Math.Max(size, atLeast));
        Release();
        (_block, _end) = (next, 0);
    }
}
