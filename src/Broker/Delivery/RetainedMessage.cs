using UdsBroker.Broker.Buffers;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// The last message of a subject, kept for later subscriptions. It has memory of its own, so that it does not keep a receive buffer alive,
/// and all deliveries share that memory: each pending delivery holds a reference.
/// </summary>
/// <param name="slab">The memory, with one reference that passes to this.</param>
/// <param name="length">The bytes of the whole frame, from the start of the memory.</param>
/// <param name="head">Where its parts are.</param>
/// <param name="account">Its publisher; deliveries of retained messages are in no receipt.</param>
/// <param name="deadline">When it expires; 0 is never.</param>
/// <param name="place">Its place in the order of arrival.</param>
internal sealed class RetainedMessage(Slab slab, int length, in FrameHead head, PublisherAccount account, long deadline, ulong place) : IExpiring
{
    private readonly int _subjectStart = head.SubjectStart;
    private readonly int _subjectLength = head.SubjectLength;
    private volatile bool _isGone;

    /// <summary>In the frame: as long as somebody retains it.</summary>
    internal ReadOnlySpan<byte> Subject => slab.Bytes.AsSpan(_subjectStart, _subjectLength);

    internal int Length => length;

    internal PublisherAccount Account => account;

    /// <summary>The user it is charged to.</summary>
    internal uint? Uid => account.Uid;

    internal ulong Place => place;

    public long Deadline => deadline;

    /// <summary>True when it is not the last message of its subject any more. Thread-safe.</summary>
    public bool IsGone => _isGone;

    internal Run Run => new(slab, 0, length, 1, account, new RunTraits(DeliverFlags.Retained, deadline));

    /// <summary>Adds a reference for a pending delivery.</summary>
    internal void Retain() => slab.Retain();

    /// <summary>Releases the reference of a delivery that is done or dropped.</summary>
    internal void Release() => slab.Release();

    /// <summary>Removes it from the store: marks it as gone and releases the store's reference.</summary>
    internal void Discard()
    {
        _isGone = true;
        slab.Release();
    }
}
