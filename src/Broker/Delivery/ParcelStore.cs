using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Stores the bytes of waiting messages. A run that fills more than half of the slab it was received in stays there. A smaller one must not
/// keep the whole buffer alive and is copied, small runs side by side into a block, so that memory is in proportion to what waits: a slab
/// for each message of 30 bytes would be a hundred times its bound.
/// </summary>
internal sealed class ParcelStore(SlabPool pool)
{
    /// <summary>The least memory of a slab for one parcel alone, and what it takes besides its bytes.</summary>
    private const int SmallestSlab = 64;
    private const int SlabOwnBytes = 64;

    /// <summary>What it costs to find a parcel by its deadline.</summary>
    private const int DeadlineBytes = 48;

    /// <summary>What it costs to find a parcel by its subject, besides that.</summary>
    private const int SubjectKeyBytes = 96;

    // They begin small, because there may be one message for each of thousands of subscriptions.
    private Blocks _blocks = new(pool, first: 512, growth: 2);
    private ParcelBlock? _block;

    /// <summary>The memory of the parcels that wait, with their blocks, and of the block that the next goes to.</summary>
    internal long Memory { get; private set; }

    /// <summary>Stores the run. When it can be appended to <paramref name="last"/>, the result is null.</summary>
    internal Parcel? Hold(in Run run, Parcel? last)
    {
        if (run.Length > run.Slab.Bytes.Length / 2)
        {
            run.Slab.Retain();
            return Charge(new Parcel(run.Slab, run.Start, run) { Cost = CostOf(run) + run.Length });
        }

        if (run.Length > Blocks.Largest / 4) return HoldAlone(run, null);
        run.Bytes.CopyTo(_blocks.Reserve(run.Length));
        var block = _block?.Slab == _blocks.Block ? _block : BeginBlock(_blocks.Block);
        var start = _blocks.Take(run.Length);
        if (last is not null && last.IsFollowedBy(block.Slab, start, run))
        {
            last.Extend(run.Length, run.Count);
            return null;
        }

        block.Slab.Retain();
        block.Parcels++;
        return Charge(new Parcel(block.Slab, start, run) { Block = block, Cost = CostOf(run) });
    }

    /// <summary>Copies the run into a slab of its own, for messages that are not released in the order in which they came.</summary>
    internal Parcel HoldAlone(in Run run, byte[]? subject)
    {
        var own = pool.Rent(run.Length);
        run.Bytes.CopyTo(own.Bytes);
        var cost = CostOf(run) + SlabOwnBytes + Math.Max(run.Length, SmallestSlab) + (subject is null ? 0 : SubjectKeyBytes + subject.Length);
        return Charge(new Parcel(own, 0, run) { Subject = subject, Cost = cost });
    }

    /// <summary>Ends the charge of a parcel that no longer waits; whoever has it now releases it.</summary>
    internal void Remove(Parcel parcel)
    {
        Memory -= parcel.Cost;
        if (parcel.Block is { } block && --block.Parcels == 0 && block != _block) Memory -= block.Slab.Bytes.Length;
    }

    /// <summary>Releases the block; the parcels in it hold references of their own.</summary>
    internal void Release()
    {
        LeaveBlock();
        _blocks.Release();
    }

    // The bytes that are charged for a parcel, without those of its messages.
    private static int CostOf(in Run run) => Parcel.OwnBytes + (run.Traits.CanExpire ? DeadlineBytes : 0);

    private Parcel Charge(Parcel parcel)
    {
        Memory += parcel.Cost;
        return parcel;
    }

    private ParcelBlock BeginBlock(Slab slab)
    {
        LeaveBlock();
        Memory += slab.Bytes.Length;
        return _block = new ParcelBlock(slab);
    }

    // From here on the block is charged only while parcels lie in it.
    private void LeaveBlock()
    {
        if (_block is { Parcels: 0 } empty) Memory -= empty.Slab.Bytes.Length;
        _block = null;
    }
}
