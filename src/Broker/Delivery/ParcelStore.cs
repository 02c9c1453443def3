using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Where the bytes of waiting messages are kept. A run that fills more than half of the slab it was received in stays there; less
/// must not keep the whole buffer alive and is copied, small ones side by side into a block, so that memory is in proportion to
/// what waits: a slab for each message of 30 bytes would be a hundred times its bound.
/// </summary>
internal sealed class ParcelStore(SlabPool pool)
{
    private Blocks _blocks = new(pool);

    /// <summary>Takes over the run; it becomes part of <paramref name="last"/> when that is possible, and the result is null.</summary>
    internal Parcel? Hold(in Run run, Parcel? last)
    {
        if (run.Length > run.Slab.Bytes.Length / 2)
        {
            run.Slab.Retain();
            return new Parcel(run.Slab, run.Start, run);
        }

        if (run.Length > Blocks.Largest / 4) return HoldAlone(run, null);
        run.Bytes.CopyTo(_blocks.Reserve(run.Length));
        var (block, start) = (_blocks.Block, _blocks.Take(run.Length));
        if (last is not null && last.IsFollowedBy(block, start, run))
        {
            last.Extend(run.Length, run.Count);
            return null;
        }

        block.Retain();
        return new Parcel(block, start, run);
    }

    /// <summary>Copies the run into a slab of its own, for what does not leave in the order in which it came.</summary>
    internal Parcel HoldAlone(in Run run, byte[]? subject)
    {
        var own = pool.Rent(run.Length);
        run.Bytes.CopyTo(own.Bytes);
        return new Parcel(own, 0, run) { Subject = subject };
    }

    /// <summary>Gives up the block; the parcels in it keep theirs.</summary>
    internal void Release() => _blocks.Release();
}
