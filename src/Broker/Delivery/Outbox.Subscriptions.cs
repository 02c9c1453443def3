using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Delivery;

/// <summary>Changes to a subscription while messages flow, and the publishers that wait for it.</summary>
internal sealed partial class Outbox
{
    /// <summary>Allows <paramref name="count"/> more messages; no effect on a subscription without credit.</summary>
    internal void Grant(Subscription subscription, ulong count)
    {
        bool flush;
        lock (_lock)
        {
            if (subscription.Credit == Subscription.Unlimited || count == 0) return;
            subscription.Credit += Math.Min(count, Subscription.Unlimited - 1 - subscription.Credit);
            subscription.Progress++;
            if (subscription.Backlog is { } backlog) TakeTurn(backlog);
            Refill();
            ChargeMemory();
            flush = RequestFlush();
        }

        if (flush) Flush();
    }

    /// <summary>
    /// Ends the subscription at once: what waits in its backlog is kept for reassignment, or dropped and reported as missed.
    /// </summary>
    internal void Unsubscribe(Subscription subscription)
    {
        bool flush;
        lock (_lock)
        {
            subscription.IsOpen = false;
            subscription.Remaining = Subscription.Unlimited;
            subscription.IsDraining = false;
            if (subscription.Backlog is { } backlog)
            {
                if (subscription.Queue is not null || backlog.HasRequests) KeepLeftover(backlog, DropReason.Unsubscribed);
                DropBacklog(backlog, DropReason.Unsubscribed);
            }

            ChargeMemory();
            flush = RequestFlush();
        }

        if (flush) Flush();
    }

    /// <summary>
    /// Admits nothing more to the subscription, and sends the client its end after what waits in its backlog. No publisher waits for it any
    /// longer, and no policy drops from it any more.
    /// </summary>
    /// <returns>True when nothing waits: this is the end.</returns>
    internal bool Drain(Subscription subscription)
    {
        bool flush, isEnd;
        lock (_lock)
        {
            isEnd = subscription.Backlog is null;
            subscription.IsDraining = true;
            CloseAdmission(subscription);
            if (isEnd) AppendEnd(subscription);
            ChargeMemory();
            flush = RequestFlush();
        }

        if (flush) Flush();
        return isEnd;
    }

    /// <summary>Ends the subscription after <paramref name="max"/> more messages, at least one.</summary>
    internal void UnsubscribeAfter(Subscription subscription, ulong max)
    {
        lock (_lock)
        {
            if (subscription.IsOpen) subscription.Remaining = Math.Min(max, Subscription.Unlimited - 1);
        }
    }

    /// <summary>
    /// Makes the gate wait for the subscription, unless that has caught up in the meantime. The connection's own gate never waits for
    /// credit, which would have to come through the same connection: such a subscription drops its oldest messages beyond its bound.
    /// </summary>
    internal void Await(Subscription subscription, PublisherGate gate)
    {
        bool flush;
        lock (_lock)
        {
            if (HoldingBacklog(subscription) is not { } backlog) return;
            if (gate != _ownGate || backlog.CanSend)
            {
                backlog.AddWaiter(gate);
                return;
            }

            flush = backlog.IsOverBound && CatchUp(backlog);
        }

        if (flush) Flush();
    }

    /// <summary>
    /// Called when a publisher ends that waits or would have to: its gate, if it has one, is removed, and messages beyond the bound are
    /// dropped, or publishers that come and go could fill the memory.
    /// </summary>
    internal void Abandon(Subscription subscription, PublisherGate? gate)
    {
        bool flush;
        lock (_lock)
        {
            if (subscription.Backlog is not { } backlog) return;
            if (gate is not null) backlog.RemoveWaiter(gate);
            flush = HoldingBacklog(subscription) is { IsOverBound: true } && CatchUp(backlog);
        }

        if (flush) Flush();
    }

    /// <summary>A number that changes while the subscription is being served or the kernel takes bytes ahead of it.</summary>
    internal ulong ProgressOf(Subscription subscription)
    {
        lock (_lock) return subscription.Progress + (subscription.Credit > 0 ? _sentBytes : 0);
    }

    /// <summary>A blocking subscription that made no progress for too long drops its oldest messages until it has caught up.</summary>
    internal void BeginCatchingUp(Subscription subscription)
    {
        bool flush;
        lock (_lock) flush = HoldingBacklog(subscription) is { } backlog && CatchUp(backlog);
        if (flush) Flush();
    }

    /// <summary>As <see cref="BeginCatchingUp"/>, but only beyond the bound: for a publisher that cannot wait.</summary>
    internal void DropBeyondBound(Subscription subscription)
    {
        bool flush;
        lock (_lock) flush = HoldingBacklog(subscription) is { IsOverBound: true } backlog && CatchUp(backlog);
        if (flush) Flush();
    }

    // The backlog that publishers wait for; null once the connection admits nothing more.
    private Backlog? HoldingBacklog(Subscription subscription) =>
        _end == EndState.Open && subscription.Backlog is { HoldsPublishers: true } backlog ? backlog : null;

    // When everything that waited had expired, only a gap is left, which needs no credit. True when the caller has to flush.
    private bool CatchUp(Backlog backlog)
    {
        backlog.BeginCatchingUp();
        TakeTurn(backlog);
        Refill();
        ChargeMemory();
        return RequestFlush();
    }
}
