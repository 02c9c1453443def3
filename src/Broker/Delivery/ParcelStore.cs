using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Stores the bytes of waiting messages. A run that fills more than half of the slab it was received in stays there. A smaller one must not
/// keep the whole buffer alive and is copied, small runs side by side into a block, so that memory is in proportion to what waits: a slab
/// for each message of 30 bytes would be a hundred times its bound.
/// </summary>
internal sealed class ParcelStore(SlabPool pool)
{
    private Blocks _blocks = new(pool);

    /// <summary>Stores the run. When it can be appended to <paramref name="last"/>, the result is null.</summary>
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

    /// <summary>Copies the run into a slab of its own, for messages that are not released in the order in which they came.</summary>
    internal Parcel HoldAlone(in Run run, byte[]? subject)
    {
        var own = pool.Rent(run.Length);
        run.Bytes.CopyTo(own.Bytes);
        return new Parcel(own, 0, run) { Subject = subject };
    }

    /// <summary>Releases the block; the parcels in it hold references of their own.</summary>
    internal void Release() => _blocks.Release();
}
