using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Sessions;

/// <summary>
/// Messages of one publisher that wait together in the backlog of one subscription, a link of its chain. It owns a reference to
/// the slab that holds their bytes.
/// </summary>
internal sealed class Parcel(Slab slab, int start, int length, uint count, PublisherAccount account)
{
    private int _start = start;

    internal Parcel? Previous { get; set; }

    internal Parcel? Next { get; set; }

    internal int Length { get; private set; } = length;

    internal uint Count { get; private set; } = count;

    internal PublisherAccount Account => account;

    /// <summary>Messages of this subscription that were dropped directly before the first one in here.</summary>
    internal ulong MissedBefore { get; set; }

    /// <summary>The subject of the one message in here, when the policy is to keep the latest of each subject.</summary>
    internal byte[]? Subject { get; init; }

    internal Run Run => new(slab, _start, Length, Count, account);

    /// <summary>True when bytes of that publisher written there would lie directly behind these.</summary>
    internal bool IsFollowedBy(Slab otherSlab, int otherStart, PublisherAccount otherAccount) =>
        slab == otherSlab && _start + Length == otherStart && account == otherAccount;

    /// <summary>Takes in the bytes that lie directly behind, on the reference it has.</summary>
    internal void Extend(int bytes, uint messages)
    {
        Length += bytes;
        Count += messages;
    }

    /// <summary>Forgets the first messages, which were sent or dropped.</summary>
    internal void RemoveHead(uint messages, int bytes)
    {
        _start += bytes;
        Length -= bytes;
        Count -= messages;
    }

    internal void Release() => slab.Release();
}
