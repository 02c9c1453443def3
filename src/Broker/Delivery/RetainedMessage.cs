using UdsBroker.Broker.Buffers;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// The last message of a subject, kept for subscriptions to come. It has memory of its own, so that it does not keep a receive buffer
/// alive, and so that all whom it is delivered to share it: whoever has still to deliver it retains it.
/// </summary>
/// <param name="slab">The memory, with one reference that passes to this.</param>
/// <param name="length">The bytes of the whole frame, from the start of the memory.</param>
/// <param name="head">Where its parts are.</param>
/// <param name="account">Whose it is; deliveries of retained messages are in nobody's receipt.</param>
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

    /// <summary>To whom it is charged.</summary>
    internal uint? Uid => account.Uid;

    internal ulong Place => place;

    public long Deadline => deadline;

    /// <summary>True when it is not the last message of its subject any more; asked on any thread.</summary>
    public bool IsGone => _isGone;

    internal Run Run => new(slab, 0, length, 1, account, new RunTraits(DeliverFlags.Retained, deadline));

    /// <summary>One more has still to deliver it.</summary>
    internal void Retain() => slab.Retain();

    /// <summary>One of those has delivered it, or will not.</summary>
    internal void Release() => slab.Release();

    /// <summary>It is kept no more.</summary>
    internal void GiveUp()
    {
        _isGone = true;
        slab.Release();
    }
}
