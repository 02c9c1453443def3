using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Messages of one publisher that wait together in the backlog of one subscription, a link of its chain. It owns a reference to
/// the slab that holds their bytes.
/// </summary>
internal sealed class Parcel(Slab slab, int start, in Run run) : IExpiring
{
    /// <summary>Its own size in memory, without its messages.</summary>
    internal const int OwnBytes = 128;

    private readonly RunTraits _traits = run.Traits;
    private int _start = start;

    /// <summary>The block that its messages share with other parcels; null when the slab is theirs alone.</summary>
    internal ParcelBlock? Block { get; init; }

    /// <summary>What it is charged with, besides a block, from when it begins to wait until it no longer does.</summary>
    internal required int Cost { get; init; }

    internal Parcel? Previous { get; set; }

    internal Parcel? Next { get; set; }

    internal int Length { get; private set; } = run.Length;

    internal uint Count { get; private set; } = run.Count;

    internal PublisherAccount Account { get; } = run.Account;

    /// <summary>Messages of this subscription that were dropped directly before the first one in here.</summary>
    internal Gap MissedBefore { get; set; }

    /// <summary>The subject of the one message in here, when the policy is to keep the latest of each subject.</summary>
    internal byte[]? Subject { get; init; }

    internal Run Run => new(slab, _start, Length, Count, Account, _traits);

    /// <summary>True when some of them are requests.</summary>
    internal bool HasRequests => _traits.Request is not null;

    /// <summary>True when they expire at some time.</summary>
    internal bool CanExpire => _traits.CanExpire;

    public long Deadline => _traits.Deadline;

    public bool IsGone { get; private set; }

    /// <summary>True when a run at this position would directly follow these messages, and has the same publisher and traits.</summary>
    internal bool IsFollowedBy(Slab otherSlab, int otherStart, in Run other) =>
        slab == otherSlab && _start + Length == otherStart && Account == other.Account && _traits == other.Traits;

    /// <summary>Extends the parcel by the bytes that directly follow; it needs no further reference.</summary>
    internal void Extend(int bytes, uint messages)
    {
        Length += bytes;
        Count += messages;
    }

    /// <summary>Removes the first messages, which were sent or dropped.</summary>
    internal void RemoveHead(uint messages, int bytes)
    {
        _start += bytes;
        Length -= bytes;
        Count -= messages;
    }

    internal void Release()
    {
        IsGone = true;
        slab.Release();
    }
}
