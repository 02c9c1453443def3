using System.Buffers;
using UdsBroker.Broker.Load;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Handles messages that cannot simply be appended: applies each subscription's credit and maximum, and holds the backlogs, which take
/// turns for the room in the queue so that a busy subscription cannot starve the others of its connection.
/// </summary>
/// <remarks>
/// A backlog takes turns while it could send if there were room. One that waits for credit does not, and costs nothing until a grant brings
/// it back. While any backlog takes turns, nothing may overtake them, or a steady stream to one subscription could refill the queue each
/// time before it falls below the low watermark.
/// </remarks>
internal sealed partial class Outbox
{
    private bool HasRoom => _turns.Count == 0 && _queue.Bytes < _fullAt;

    // Delivers what one subscription admits, and returns the number of messages.
    private uint DeliverTo(Subscription subscription, in Run run, HoldingSubscriptions holding)
    {
        if (!subscription.IsOpen || _end != EndState.Open) return 0;
        var admitted = Admit(subscription, run);
        if (run.Traits.Request is { } mark) Remember(admitted, mark);
        _placing = subscription;
        if (admitted.Length <= limits.LargestRun(1)) Place(subscription, admitted, holding);
        else PlaceByPackets(subscription, admitted, holding);
        _placing = null;
        if (subscription.Backlog is null) ReportEnd(subscription);
        return admitted.Count;
    }

    private void Place(Subscription subscription, in Run run, HoldingSubscriptions holding)
    {
        if (subscription.Backlog is null && HasRoom && subscription.Credit >= run.Count)
        {
            AppendDirectly(subscription, run);
            return;
        }

        Hold(subscription, run);
        if (subscription.Backlog is { HoldsPublishers: true }) holding.Add(subscription);
    }

    // Counts the messages against the subscription's maximum; when that is reached it admits nothing more.
    private Run Admit(Subscription subscription, in Run run)
    {
        if (subscription.Remaining == Subscription.Unlimited) return run;
        var admitted = (uint)Math.Min(run.Count, subscription.Remaining);
        subscription.Remaining -= admitted;
        if (subscription.Remaining == 0) CloseAdmission(subscription);
        return run.Head(admitted, FrameCut.LengthOfFirst(run, admitted, limits.Wire));
    }

    // Publishers only wait for subscriptions that they may still add to; a closed backlog only waits for its reader.
    private static void CloseAdmission(Subscription subscription)
    {
        subscription.IsOpen = false;
        subscription.Backlog?.ReleaseWaiters();
    }

    private void AppendDirectly(Subscription subscription, in Run run)
    {
        _queue.AppendDelivery(subscription.Sids, run, run.Count);
        subscription.Charge(run.Count);
    }

    private void Hold(Subscription subscription, in Run run)
    {
        var backlog = subscription.Backlog ?? Begin(subscription);
        run.Traits.Request?.MarkWaiting();
        if (!backlog.Hold(run))
        {
            subscription.IsOpen = false;
            owner.SlowConsumer(subscription);
        }

        TakeTurn(backlog);
        Refill();
        ChargeMemory();
    }

    private Backlog Begin(Subscription subscription)
    {
        var backlog = new Backlog(subscription, pool, clock, limits.Wire) { Place = _backlogged.Count };
        subscription.Backlog = backlog;
        _backlogged.Add(backlog);
        return backlog;
    }

    private void TakeTurn(Backlog backlog)
    {
        if (backlog.IsInTurn || !backlog.CanSend) return;
        backlog.IsInTurn = true;
        _turns.PushBack(backlog);
    }

    // Serves the backlogs round-robin, one parcel each, until the queue is full or nothing may be sent.
    private void Refill()
    {
        while (_turns.Count > 0 && _queue.Bytes < _fullAt)
        {
            var backlog = _turns[0];
            var hasSent = backlog.SendNext(_queue, limits.LargestRun(1));
            _turns.PopFront();
            backlog.IsInTurn = false;
            if (!hasSent) continue;
            if (backlog.IsEmpty) Forget(backlog);
            else TakeTurn(backlog);
            if (!backlog.CanSend && _ownGate is { } gate) backlog.ReleaseWaiter(gate);
        }
    }

    private void Forget(Backlog backlog)
    {
        var last = _backlogged[^1];
        _backlogged[backlog.Place] = last;
        last.Place = backlog.Place;
        _backlogged.RemoveAt(_backlogged.Count - 1);
        backlog.Subscription.Backlog = null;
        backlog.End();
        if (_end != EndState.Closed) ReportEnd(backlog.Subscription);
    }

    // The end by maximum is reported when the last of its messages is queued, because the client may have to grant credit until then.
    private void ReportEnd(Subscription subscription)
    {
        if (subscription == _placing) return;
        if (subscription.IsDraining && _end < EndState.Leaving) AppendEnd(subscription);
        if (subscription.Remaining == 0 || subscription.IsDraining) owner.SubscriptionEnded(subscription);
    }

    private void AppendEnd(Subscription subscription)
    {
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.Write(output, new UnsubscribeCommand(subscription.Sid, Max: null));
        AppendReply(output.WrittenSpan);
    }

    private void DropBacklog(Backlog backlog, DropReason reason)
    {
        var missed = backlog.DropAll(reason);
        if (!missed.IsEmpty && IsWelcomed)
        {
            Span<byte> frame = stackalloc byte[FrameWriter.MaxMissedBytes];
            AppendReply(frame[..FrameWriter.WriteMissed(frame, backlog.Subscription.Sid, missed.Count, missed.Expired)]);
        }

        Forget(backlog);
    }
}
