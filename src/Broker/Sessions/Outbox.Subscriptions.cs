using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>What changes a subscription while messages flow, and the end of the connection.</summary>
internal sealed partial class Outbox
{
    private PublisherGate? _roomWaiter;

    /// <summary>True when everything was sent and nothing more is admitted: the connection can be closed.</summary>
    internal bool IsDrained
    {
        get
        {
            lock (_lock) return _end != EndState.Open && _queue.IsEmpty && _backlogged.Count == 0 && _lastFrame is null;
        }
    }

    /// <summary>Allows <paramref name="count"/> more messages; no effect on a subscription without credit.</summary>
    internal void Grant(Subscription subscription, ulong count)
    {
        bool flush;
        lock (_lock)
        {
            if (subscription.Credit == Subscription.Unlimited) return;
            subscription.Credit = Math.Min(Subscription.Unlimited - 1, subscription.Credit + Math.Min(count, long.MaxValue));
            subscription.Progress++;
            Refill();
            flush = RequestFlush();
        }

        if (flush) Flush();
    }

    /// <summary>Ends the subscription at once: what waits in its backlog is dropped and reported as missed.</summary>
    internal void Unsubscribe(Subscription subscription)
    {
        lock (_lock)
        {
            subscription.IsOpen = false;
            DropBacklog(subscription);
        }
    }

    /// <summary>Ends the subscription after <paramref name="max"/> more messages, at least one.</summary>
    internal void UnsubscribeAfter(Subscription subscription, ulong max)
    {
        lock (_lock) subscription.Remaining = Math.Min(max, Subscription.Unlimited - 1);
    }

    /// <summary>Makes the gate wait for the subscription; not when it has caught up in the meantime.</summary>
    internal void Await(Subscription subscription, PublisherGate gate)
    {
        lock (_lock)
        {
            if (subscription.Backlog is { HoldsPublishers: true } backlog) backlog.AddWaiter(gate);
        }
    }

    /// <summary>
    /// Makes the connection's own gate wait while its replies pile up because it does not read them: a peer that sends pings and
    /// reads nothing must not grow the queue without bound.
    /// </summary>
    internal void AwaitRoom(PublisherGate gate)
    {
        lock (_lock)
        {
            if (_queue.Bytes < limits.HighWatermark || _end == EndState.Closed) return;
            gate.Hold();
            _roomWaiter = gate;
        }
    }

    /// <summary>A number that moves while the subscription is being served or the kernel takes bytes that it waits for.</summary>
    internal ulong ProgressOf(Subscription subscription)
    {
        lock (_lock) return subscription.Progress + (subscription.Credit > 0 ? _sentBytes : 0);
    }

    /// <summary>A blocking subscription that made no progress for too long drops its oldest messages until it has caught up.</summary>
    internal void BeginShedding(Subscription subscription)
    {
        lock (_lock)
        {
            if (subscription.Backlog is { HoldsPublishers: true } backlog) backlog.BeginShedding();
        }
    }

    /// <summary>Admits nothing more, lets what is queued leave, and after it the last frame; the writer is woken to notice the end.</summary>
    internal void Drain(byte[] lastFrame)
    {
        lock (_lock)
        {
            if (_end != EndState.Open) return;
            _end = EndState.Draining;
            _lastFrame = lastFrame;
            if (_state == SendState.Idle) HandOver();
        }
    }

    /// <summary>Drops everything that was not sent, to the accounts of its publishers, and admits nothing more.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            if (_state != SendState.Sending) DropAll();
            else _end = EndState.Closed;
        }
    }

    private void ReleaseRoomWaiter()
    {
        var gate = _roomWaiter;
        _roomWaiter = null;
        gate?.Release();
    }

    private void DropBacklog(Subscription subscription)
    {
        if (subscription.Backlog is not { } backlog) return;
        var missed = backlog.DropAll();
        Forget(subscription);
        if (missed == 0) return;
        Span<byte> frame = stackalloc byte[FrameWriter.MaxSidAndCountBytes];
        _queue.Append(frame[..FrameWriter.WriteMissed(frame, subscription.Sid, missed)]);
        if (RequestFlush()) HandOver();
    }
}
