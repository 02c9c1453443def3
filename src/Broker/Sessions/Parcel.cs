using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Sessions;

/// <summary>
/// A run that waits in the backlog of one subscription. It owns a reference to its bytes: a small run is copied out, because a
/// few bytes must not keep a whole receive buffer alive, and a large one stays where it was received.
/// </summary>
internal sealed class Parcel
{
    private readonly Slab _slab;
    private int _start;

    private Parcel(Slab slab, int start, int length, uint count, PublisherAccount account)
    {
        _slab = slab;
        _start = start;
        Length = length;
        Count = count;
        Account = account;
    }

    internal int Length { get; private set; }

    internal uint Count { get; private set; }

    internal PublisherAccount Account { get; }

    /// <summary>Messages of this subscription that were dropped directly before the first one in here.</summary>
    internal ulong MissedBefore { get; set; }

    internal Run Run => new(_slab, _start, Length, Count, Account);

    internal static Parcel Hold(in Run run, SlabPool pool)
    {
        if (run.Length > run.Slab.Bytes.Length / 2)
        {
            run.Slab.Retain();
            return new Parcel(run.Slab, run.Start, run.Length, run.Count, run.Account);
        }

        var own = pool.Rent(run.Length);
        run.Bytes.CopyTo(own.Bytes);
        return new Parcel(own, 0, run.Length, run.Count, run.Account);
    }

    /// <summary>Forgets the first messages, which were sent or dropped.</summary>
    internal void RemoveHead(uint messages, int length)
    {
        _start += length;
        Length -= length;
        Count -= messages;
    }

    internal void Release() => _slab.Release();
}
