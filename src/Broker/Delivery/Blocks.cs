using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Memory in which small things wait side by side, a block at a time. The first block is small, since little waits for most. Whoever keeps what lies in a
/// block retains it. A field of its owner, not to be copied; not thread-safe.
/// </summary>
/// <param name="pool">Where blocks come from.</param>
internal struct Blocks(SlabPool pool)
{
    /// <summary>The most bytes of a block, unless one thing alone is larger.</summary>
    internal const int Largest = 65536;
    private const int First = 4096;

    private Slab? _block;
    private int _end;

    /// <summary>The block in which room was reserved last.</summary>
    internal readonly Slab Block => _block!;

    /// <summary>Room for so many bytes in one piece.</summary>
    internal Span<byte> Reserve(int bytes)
    {
        if (_block is null || _block.Bytes.Length - _end < bytes) Begin(bytes);
        return _block!.Bytes.AsSpan(_end);
    }

    /// <summary>The first bytes of the room are written; returns where in the block they are.</summary>
    internal int Take(int bytes)
    {
        var start = _end;
        _end += bytes;
        return start;
    }

    /// <summary>Gives up the block; what lies in it is there as long as somebody retains it.</summary>
    internal void Release()
    {
        _block?.Release();
        _block = null;
    }

    private void Begin(int atLeast)
    {
        var size = _block is null ? First : Math.Min(Largest, pool.SlabBytes);
        var next = pool.Rent(Math.Max(size, atLeast));
        Release();
        (_block, _end) = (next, 0);
    }
}
