using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Requests;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Everything on its way to one connection: a bounded queue of bytes that are sent in order, and a backlog for each subscription that has
/// no credit or no room in the queue. Many publishers feed it, one thread at a time sends.
/// </summary>
/// <remarks>
/// The life of the queue: <c>Idle</c>, nothing waits. The first append makes it <c>Requested</c> and obliges the appender to call
/// <see cref="Flush"/> when it has appended all it has, so that one system call carries a whole received buffer's worth.
/// <c>Sending</c>, a thread is in a system call without the lock; others append meanwhile. <c>HandedOver</c>, the kernel's buffer was full,
/// and the connection's own writer sends (see Outbox.Sending.cs) until nothing waits; then it is <c>Idle</c> again. The lock is held for
/// appending and bookkeeping only, never during a system call.
/// </remarks>
internal sealed partial class Outbox(
    OutboxLimits limits, SlabPool pool, IMonotonicClock clock, IOutboundSocket socket, IOutboxOwner owner, Traffic traffic, ConnectionShare? share = null)
{
    private readonly Lock _lock = new();

    // What leaves next, in order, and the pieces of it that are in a system call.
    private readonly OutboundQueue _queue = new(pool, limits.MaxPacket);
    private readonly List<ArraySegment<byte>> _segments = new(1);

    // All backlogs, and those of them that could send if there were room, in the order of their turns.
    private readonly List<Backlog> _backlogged = [];
    private readonly Deque<Backlog> _turns = new();

    // The requests that the connection was given and has not answered.
    private readonly OpenRequests _requests = new(limits.MaxOpenRequests, share?.User, traffic);

    // Who sends, and whether the kernel did not take all that it was offered last.
    private SendState _state;
    private bool _isFull;

    // How far the end of the connection has come, and its last frame.
    private EndState _end;
    private byte[] _lastFrame = [];

    // At how many bytes the queue is full for messages: at none before WELCOME, then at the high watermark.
    private int _fullAt;

    // The subscription whose messages are being placed, perhaps in several pieces: its end is not reported between them.
    private Subscription? _placing;

    // How many bytes the kernel ever took: progress for all publishers that wait for the connection.
    private ulong _sentBytes;

    // The memory of all backlogs, and the bytes that are charged for it and the queue.
    private long _backlogBytes;
    private long _charged;

    // The broker's own answers in the queue, and where the last of them ends.
    private long _replyBytes;
    private long _replyEnd;

    // The gate of the peer as a publisher, and the same gate while it waits for the peer to read its replies.
    private PublisherGate? _ownGate;
    private PublisherGate? _roomWaiter;

    // Messages kept for reassignment, until the owner takes them.
    private List<Leftover>? _leftovers;

    private enum SendState : byte
    {
        Idle,
        Requested,
        Sending,
        HandedOver,
    }

    private enum EndState : byte
    {
        Open,

        /// <summary>Nothing more is admitted; sending goes on until the connection drains.</summary>
        AdmissionClosed,

        /// <summary>Nothing more is admitted; what is queued still leaves, and answers may still join it.</summary>
        Draining,

        /// <summary>The last frame is queued, and nothing may follow it.</summary>
        Leaving,

        /// <summary>The last frame has left, and the owner was told.</summary>
        Drained,

        /// <summary>Nothing leaves any more.</summary>
        Closed,
    }

    /// <summary>How many subscriptions one DELIVER may name.</summary>
    internal int MaxSids { get; } = limits.Wire.DeliverSids;

    /// <summary>The most bytes of one message, its frame included, that can be sent to the connection.</summary>
    internal int LargestMessage => limits.LargestRun(1);

    /// <summary>Appends one frame of the broker itself, which no policy can drop; true when the caller has to flush.</summary>
    internal bool Append(ReadOnlySpan<byte> frame)
    {
        lock (_lock)
        {
            if (_end >= EndState.Leaving) return false;
            AppendReply(frame);
            return RequestFlush();
        }
    }

    /// <summary>Sends a frame of the broker itself as soon as the kernel takes it.</summary>
    internal void Send(ReadOnlySpan<byte> frame)
    {
        if (Append(frame)) Flush();
    }

    /// <summary>Delivers a run to the subscriptions of this connection that it matched.</summary>
    /// <param name="recipient">The matched subscriptions.</param>
    /// <param name="run">The messages.</param>
    /// <param name="holding">Receives the subscriptions that the publisher has to wait for.</param>
    /// <param name="deliveries">How many deliveries were admitted: messages times subscriptions.</param>
    /// <param name="messages">How many first messages of the run were admitted by any of the subscriptions.</param>
    /// <returns>True when the caller has to flush.</returns>
    internal bool Deliver(Recipient recipient, in Run run, HoldingSubscriptions holding, out uint deliveries, out uint messages)
    {
        lock (_lock)
        {
            if (HasRoom && _end == EndState.Open && run.Length <= limits.LargestRun(recipient.Sids.Length) && AllCanBeSent(recipient, run.Count))
            {
                deliveries = run.Count * (uint)recipient.Subscriptions.Length;
                messages = run.Count;
                _queue.AppendDelivery(recipient.Sids, run, deliveries);
                foreach (var subscription in recipient.Subscriptions) subscription.Charge(run.Count);
                if (run.Traits.Request is { } mark) Remember(run, mark);
            }
            else
            {
                deliveries = 0;
                messages = 0;
                foreach (var subscription in recipient.Subscriptions)
                {
                    var admitted = DeliverTo(subscription, run, holding);
                    deliveries += admitted;
                    messages = Math.Max(messages, admitted);
                }
            }

            return RequestFlush();
        }
    }

    // A subscription with a backlog never passes: its backlog takes turns, and then HasRoom is false, or it has no credit.
    private static bool AllCanBeSent(Recipient recipient, uint messages)
    {
        foreach (var subscription in recipient.Subscriptions)
        {
            if (!subscription.IsOpen || subscription.Credit < messages || subscription.Remaining != Subscription.Unlimited) return false;
        }

        return true;
    }
}
