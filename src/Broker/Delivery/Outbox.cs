using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Everything on its way to one connection: a bounded queue of bytes that leave in order, and behind it a backlog for each
/// subscription that may not or cannot be sent more. Many publishers feed it, one thread at a time sends.
/// </summary>
/// <remarks>
/// The life of the queue: <c>Idle</c>, nothing waits. The first append makes it <c>Requested</c> and obliges the appender to call
/// <see cref="Flush"/> when it has appended all it has, so that one system call carries a whole received buffer's worth.
/// <c>Sending</c>, somebody is in a system call without the lock; others append behind. <c>Handed over</c>, the kernel was full and
/// the connection's own writer sends (see Outbox.Writer.cs) until nothing waits, then it is <c>Idle</c> again.
/// The lock is held for appending and bookkeeping only, never during a system call.
/// </remarks>
internal sealed partial class Outbox(
    OutboxLimits limits, SlabPool pool, IMonotonicClock clock, IOutboundSocket socket, IOutboxOwner owner, Traffic traffic, ConnectionShare? share = null)
{
    /// <summary>Linux takes up to 1024 pieces in one call; gains end well before, and pinning costs per piece.</summary>
    private const int MaxSegments = 64;
    private const int MaxSendBytes = 1 << 20;

    /// <summary>After that many calls a publisher leaves the rest to the connection's writer: it has its own socket to serve.</summary>
    private const int MaxSendsInPlace = 4;

    private readonly Lock _lock = new();
    private readonly OutboundQueue _queue = new(pool, limits.MaxPacket);
    private readonly List<ArraySegment<byte>> _segments = new(1);
    private SendState _state;
    private EndState _end;
    private ulong _sentBytes;
    private byte[]? _lastFrame;

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

        /// <summary>Nothing more is admitted; the rest goes on until the connection drains.</summary>
        Resigned,

        /// <summary>Nothing more is admitted; what is queued still leaves, and answers may still join it.</summary>
        Draining,

        /// <summary>The last frame is queued, behind which nothing may come.</summary>
        Leaving,

        /// <summary>Nothing leaves any more.</summary>
        Closed,
    }

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

    /// <summary>Sends what was appended, until nothing is left or the kernel is full; then the writer takes over.</summary>
    internal void Flush()
    {
        lock (_lock)
        {
            if (_state != SendState.Requested) return;
            _state = _queue.IsEmpty ? SendState.Idle : SendState.Sending;
            if (_state == SendState.Idle) return;
            _queue.Gather(_segments, MaxSegments, MaxSendBytes);
        }

        for (var calls = 1; ; calls++)
        {
            var outcome = TrySend(out var sent);
            lock (_lock)
            {
                Took(sent);
                if (outcome == SendOutcome.Gone || _end == EndState.Closed)
                {
                    _state = SendState.Idle;
                    DropAll();
                    if (outcome == SendOutcome.Gone) owner.PeerGone();
                    return;
                }

                if (_queue.IsEmpty)
                {
                    _state = SendState.Idle;
                    if (_end != EndState.Open) HandOver(isFull: false);
                    return;
                }

                if (outcome == SendOutcome.Full || calls == MaxSendsInPlace)
                {
                    HandOver(outcome == SendOutcome.Full);
                    return;
                }

                _queue.Gather(_segments, MaxSegments, MaxSendBytes);
            }
        }
    }

    // A fault in a recipient's socket is the end of the recipient, not of the publisher on whose thread it happens.
    private SendOutcome TrySend(out int sent)
    {
        try
        {
            return socket.TrySend(_segments, out sent);
        }
        catch (Exception cause)
        {
            owner.Faulted(cause);
            sent = 0;
            return SendOutcome.Gone;
        }
    }

    // One that has a backlog is not among them: it is in turn, and then there is no room, or it has no credit.
    private static bool AllCanBeSent(Recipient recipient, uint messages)
    {
        foreach (var subscription in recipient.Subscriptions)
        {
            if (!subscription.IsOpen || subscription.Credit < messages || subscription.Remaining != Subscription.Unlimited) return false;
        }

        return true;
    }

    private void Took(int sent)
    {
        _queue.Advance(sent);
        _sentBytes += (uint)sent;
        traffic.Sent(sent);
        if (_queue.Bytes < limits.LowWatermark || _queue.IsEmpty) Refill();
        if (_replyEnd <= _queue.Taken) RepliesTaken();
        Settle();
    }

    private bool RequestFlush()
    {
        if (_state != SendState.Idle || _queue.IsEmpty) return false;
        _state = SendState.Requested;
        return true;
    }

    private void HandOver(bool isFull)
    {
        _state = SendState.HandedOver;
        _isFull = isFull;
        Settle();
        owner.WriterNeeded(isFull);
        _queue.CopyOut(); // last, for it may find no memory: then somebody sends all the same
    }

    private void DropAll()
    {
        _end = EndState.Closed;
        PutAsideShares(DropReason.ConnectionEnded);
        while (_backlogged.Count > 0)
        {
            _backlogged[^1].DropAll(DropReason.ConnectionEnded);
            Forget(_backlogged[^1]);
        }

        _turns.Clear();
        _queue.Clear();
        RepliesTaken();
        Settle();
    }
}
