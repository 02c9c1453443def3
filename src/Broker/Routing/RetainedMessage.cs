using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// The last message of a subject, kept for subscriptions to come. It has memory of its own, so that it does not keep a receive buffer
/// alive, and so that all whom it is delivered to share it.
/// </summary>
/// <param name="subject">The subject.</param>
/// <param name="slab">The memory, with one reference that passes to this.</param>
/// <param name="length">The bytes of the whole frame, from the start of the memory.</param>
/// <param name="account">Whose it is; deliveries of retained messages are in nobody's receipt.</param>
/// <param name="deadline">When it expires; 0 is never.</param>
/// <param name="place">Its place in the order of arrival.</param>
internal sealed class RetainedMessage(byte[] subject, Slab slab, int length, PublisherAccount account, long deadline, ulong place) : IExpiring
{
    internal byte[] Subject => subject;

    internal int Length => length;

    /// <summary>To whom it is charged.</summary>
    internal uint? Uid => account.Uid;

    internal ulong Place => place;

    public long Deadline => deadline;

    public bool IsGone { get; private set; }

    internal Run Run => new(slab, 0, length, 1, account, new RunTraits(DeliverFlags.Retained, deadline));

    internal void Release()
    {
        IsGone = true;
        slab.Release();
    }
}
