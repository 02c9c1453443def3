namespace UdsBroker.Broker.Delivery;

/// <summary>Gives subscriptions that begin the messages from before, ahead of everything that is delivered to them later.</summary>
internal sealed partial class Outbox
{
    /// <summary>Whether a subscription that is about to begin would still be given anything: not when its connection is ending.</summary>
    internal bool Admits(Subscription subscription)
    {
        lock (_lock) return subscription.IsOpen && _end == EndState.Open;
    }

    /// <summary>
    /// Gives a subscription that is about to begin what is retained for it: as much as can be sent at once is appended, the rest waits as
    /// references, within the bounds of the subscription, its user and the broker.
    /// </summary>
    /// <param name="subscription">One of this connection's subscriptions.</param>
    /// <param name="messages">The messages in order, which the caller keeps alive until this returns.</param>
    /// <returns>True when the caller has to flush.</returns>
    internal bool Replay(Subscription subscription, ReadOnlySpan<RetainedMessage> messages)
    {
        lock (_lock)
        {
            if (messages.IsEmpty || !subscription.IsOpen || _end != EndState.Open) return false;
            if ((ulong)messages.Length > subscription.Remaining) messages = messages[..(int)subscription.Remaining];
            if (subscription.Remaining != Subscription.Unlimited) subscription.Remaining -= (uint)messages.Length;
            while (!messages.IsEmpty && CanAppend(subscription, messages[0]))
            {
                AppendDirectly(subscription, messages[0].Run);
                messages = messages[1..];
            }

            if (!messages.IsEmpty) Hold(subscription, new Replay(messages));
            if (subscription.Remaining == 0) CloseAdmission(subscription);
            if (subscription.Backlog is null) ReportEnd(subscription);
            return RequestFlush();
        }
    }

    /// <summary>
    /// Delivers one of the broker's own messages about the state before, if the subscription that is about to begin admits it.
    /// </summary>
    /// <param name="subscription">One of this connection's subscriptions.</param>
    /// <param name="message">One message.</param>
    /// <param name="holding">Receives the subscription if it would hold publishers.</param>
    /// <returns>True when the caller has to flush.</returns>
    internal bool DeliverRetained(Subscription subscription, in Run message, HoldingSubscriptions holding)
    {
        lock (_lock)
        {
            DeliverTo(subscription, message, holding);
            return RequestFlush();
        }
    }

    private bool CanAppend(Subscription subscription, RetainedMessage message) =>
        subscription.Backlog is null && HasRoom && subscription.Credit > 0 && message.Length <= limits.LargestRun(1);

    private void Hold(Subscription subscription, Replay replay)
    {
        var backlog = subscription.Backlog ?? Begin(subscription);
        _placing = subscription;
        share?.User.Memory.HasRoomFor(Backlog.OwnBytes + replay.Bytes); // counts a limit hit if there is no room
        if (!backlog.Hold(replay, Math.Max(0, (share?.Memory.Room ?? long.MaxValue) - Backlog.OwnBytes)))
        {
            subscription.IsOpen = false;
            owner.SlowConsumer(subscription);
        }

        TakeTurn(backlog);
        Refill();
        _placing = null;
        ChargeMemory();
    }
}
