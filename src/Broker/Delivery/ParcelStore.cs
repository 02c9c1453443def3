using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Where the bytes of waiting messages are kept. A run that fills more than half of the slab it was received in stays there; less
/// must not keep the whole buffer alive and is copied, small ones side by side into a block, so that memory is in proportion to
/// what waits: a slab for each message of 30 bytes would be a hundred times its bound.
/// </summary>
internal sealed class ParcelStore(SlabPool pool)
{
    private const int FirstBlock = 4096;
    private const int LargestBlock = 65536;

    private Slab? _block;
    private int _blockEnd;

    /// <summary>Takes over the run; it becomes part of <paramref name="last"/> when that is possible, and the result is null.</summary>
    internal Parcel? Hold(in Run run, Parcel? last)
    {
        if (run.Length > run.Slab.Bytes.Length / 2)
        {
            run.Slab.Retain();
            return new Parcel(run.Slab, run.Start, run);
        }

        if (run.Length > LargestBlock / 4) return HoldAlone(run, null);
        if (_block is null || _block.Bytes.Length - _blockEnd < run.Length) NewBlock(run.Length);
        var start = _blockEnd;
        run.Bytes.CopyTo(_block!.Bytes.AsSpan(start));
        _blockEnd += run.Length;
        if (last is not null && last.IsFollowedBy(_block, start, run))
        {
            last.Extend(run.Length, run.Count);
            return null;
        }

        _block.Retain();
        return new Parcel(_block, start, run);
    }

    /// <summary>Copies the run into a slab of its own, for what does not leave in the order in which it came.</summary>
    internal Parcel HoldAlone(in Run run, byte[]? subject)
    {
        var own = pool.Rent(run.Length);
        run.Bytes.CopyTo(own.Bytes);
        return new Parcel(own, 0, run) { Subject = subject };
    }

    /// <summary>Gives up the block; the parcels in it keep theirs.</summary>
    internal void Release()
    {
        _block?.Release();
        _block = null;
    }

    private void NewBlock(int atLeast)
    {
        var size = _block is null ? FirstBlock : Math.Min(LargestBlock, pool.SlabBytes);
        Release();
        _block = pool.Rent(Math.Max(size, atLeast));
        _blockEnd = 0;
    }
}
