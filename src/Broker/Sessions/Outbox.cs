using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Sessions;

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
internal sealed partial class Outbox(OutboxLimits limits, SlabPool pool, IOutboundSocket socket, IOutboxOwner owner)
{
    /// <summary>Linux takes up to 1024 pieces in one call; gains end well before, and pinning costs per piece.</summary>
    private const int MaxSegments = 64;
    private const int MaxSendBytes = 1 << 20;

    /// <summary>After that many calls a publisher leaves the rest to the connection's writer: it has its own socket to serve.</summary>
    private const int MaxSendsInPlace = 4;

    private readonly Lock _lock = new();
    private readonly OutboundQueue _queue = new(pool);
    private readonly List<Subscription> _backlogged = [];
    private readonly List<ArraySegment<byte>> _segments = [];
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

        /// <summary>Nothing more is admitted; what is queued still leaves.</summary>
        Draining,

        /// <summary>Nothing leaves any more.</summary>
        Closed,
    }

    /// <summary>Appends a frame of the broker itself, which no policy can drop; true when the caller has to flush.</summary>
    internal bool Append(ReadOnlySpan<byte> frame)
    {
        lock (_lock)
        {
            if (_end == EndState.Closed) return false;
            _queue.Append(frame);
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
    /// <returns>True when the caller has to flush.</returns>
    internal bool Deliver(Recipient recipient, in Run run, List<Subscription> holding, out uint deliveries)
    {
        lock (_lock)
        {
            if (_end == EndState.Open && _backlogged.Count == 0 && _queue.Bytes < limits.HighWatermark && AllUnlimited(recipient))
            {
                deliveries = run.Count * (uint)recipient.Subscriptions.Length;
                _queue.AppendDelivery(recipient.Sids, run, deliveries);
            }
            else DeliverOneByOne(recipient, run, holding, out deliveries);

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
            var outcome = socket.TrySend(_segments, out var sent);
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
                    if (_end == EndState.Draining) HandOver();
                    return;
                }

                if (outcome == SendOutcome.Full || calls == MaxSendsInPlace)
                {
                    _queue.CopyOut();
                    HandOver();
                    return;
                }

                _queue.Gather(_segments, MaxSegments, MaxSendBytes);
            }
        }
    }

    private static bool AllUnlimited(Recipient recipient)
    {
        foreach (var subscription in recipient.Subscriptions)
        {
            if (!subscription.IsOpen || subscription.Credit != Subscription.Unlimited || subscription.Remaining != Subscription.Unlimited)
                return false;
        }

        return true;
    }

    private void DeliverOneByOne(Recipient recipient, in Run run, List<Subscription> holding, out uint deliveries)
    {
        deliveries = 0;
        if (_end != EndState.Open) return;
        foreach (var subscription in recipient.Subscriptions)
        {
            if (!subscription.IsOpen) continue;
            var admitted = Admit(subscription, run);
            deliveries += admitted.Count;
            if (subscription.Backlog is null && _queue.Bytes < limits.HighWatermark && subscription.Credit >= admitted.Count)
            {
                if (subscription.Credit != Subscription.Unlimited) subscription.Credit -= admitted.Count;
                _queue.AppendDelivery(subscription.Sids, admitted, admitted.Count);
                continue;
            }

            Hold(subscription, admitted);
            if (subscription.Backlog is { HoldsPublishers: true } && !holding.Contains(subscription)) holding.Add(subscription);
        }
    }

    // Counts the messages against the subscription's maximum and ends it when that is reached.
    private Run Admit(Subscription subscription, in Run run)
    {
        if (subscription.Remaining == Subscription.Unlimited) return run;
        var admitted = (uint)Math.Min(run.Count, subscription.Remaining);
        subscription.Remaining -= admitted;
        if (subscription.Remaining == 0)
        {
            subscription.IsOpen = false;
            owner.SubscriptionEnded(subscription);
        }

        return run.Head(admitted, FrameCut.Of(run, admitted, limits.Wire));
    }

    private void Hold(Subscription subscription, in Run run)
    {
        if (subscription.Backlog is null)
        {
            subscription.Backlog = new Backlog(subscription, pool, limits.Wire);
            _backlogged.Add(subscription);
        }

        var isHeld = subscription.Backlog.Hold(run);
        Refill();
        if (isHeld) return;
        run.Account.Dropped(run.Count);
        owner.SlowConsumer(subscription);
    }

    // Serves the backlogs in turn, one parcel each, until the queue is at its high watermark or nothing may be sent.
    private void Refill()
    {
        var idleTurns = 0;
        for (var i = 0; _backlogged.Count > 0 && idleTurns < _backlogged.Count && _queue.Bytes < limits.HighWatermark; i++)
        {
            i %= _backlogged.Count;
            var subscription = _backlogged[i];
            idleTurns = subscription.Backlog!.SendNext(_queue) ? 0 : idleTurns + 1;
            if (!subscription.Backlog.IsEmpty) continue;
            Forget(subscription);
            i--;
        }
    }

    private void Forget(Subscription subscription)
    {
        _backlogged.Remove(subscription);
        subscription.Backlog!.ReleaseWaiters();
        subscription.Backlog = null;
    }

    private void Took(int sent)
    {
        _queue.Advance(sent);
        _sentBytes += (uint)sent;
        if (_queue.Bytes >= limits.LowWatermark) return;
        if (_backlogged.Count > 0) Refill();
        ReleaseRoomWaiter();
    }

    private bool RequestFlush()
    {
        if (_state != SendState.Idle || _queue.IsEmpty) return false;
        _state = SendState.Requested;
        return true;
    }

    private void HandOver()
    {
        _state = SendState.HandedOver;
        owner.WriterNeeded();
    }

    private void DropAll()
    {
        _end = EndState.Closed;
        while (_backlogged.Count > 0)
        {
            _backlogged[^1].Backlog!.DropAll();
            Forget(_backlogged[^1]);
        }

        _queue.Clear();
        ReleaseRoomWaiter();
    }
}
