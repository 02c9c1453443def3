using UdsBroker.Broker.Buffers;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>
/// What one subscription could not be sent yet, in order, with the gaps where messages were dropped. The overflow policy acts
/// here: DESIGN's rule is that received plus reported missed is published while subscribed, so every drop is entered in the
/// publisher's account and in the gap before the message that follows. Guarded by the lock of the outbox.
/// </summary>
internal sealed class Backlog(Subscription subscription, SlabPool pool, Limits limits)
{
    private readonly Deque<Parcel> _parcels = new();
    private List<PublisherGate>? _waiters;
    private ulong _missedAtEnd;

    internal bool IsEmpty => _parcels.Count == 0 && _missedAtEnd == 0;

    internal long Bytes { get; private set; }

    /// <summary>True when a blocking subscription made no progress for too long and drops its oldest until it has caught up.</summary>
    internal bool IsShedding { get; private set; }

    /// <summary>True while publishers have to wait for this subscription.</summary>
    internal bool HoldsPublishers => subscription.Policy == OverflowPolicy.Block && !IsShedding && _parcels.Count > 0;

    /// <summary>Takes the run over, whole or what the policy leaves of it. False when the policy is to disconnect and the bound is crossed.</summary>
    internal bool Hold(in Run run)
    {
        switch (subscription.Policy)
        {
            case OverflowPolicy.DropNewest when Bytes + run.Length > subscription.PendingBytes:
                HoldWhatFits(run);
                return true;
            case OverflowPolicy.Disconnect when Bytes + run.Length > subscription.PendingBytes:
                return false;
            case OverflowPolicy.DropOldest:
            case OverflowPolicy.Block when IsShedding:
                Push(run);
                DropOldest();
                return true;
            default:
                Push(run);
                return true;
        }
    }

    /// <summary>Sends the next messages as far as credit allows, preceded by the gap before them; false when nothing can be sent.</summary>
    internal bool SendNext(OutboundQueue queue)
    {
        if (_parcels.Count == 0)
        {
            if (_missedAtEnd == 0) return false;
            AppendMissed(queue, _missedAtEnd);
            _missedAtEnd = 0;
            return true;
        }

        var parcel = _parcels[0];
        var count = (uint)Math.Min(parcel.Count, subscription.Credit);
        if (count == 0) return false;
        if (parcel.MissedBefore > 0) AppendMissed(queue, parcel.MissedBefore);
        parcel.MissedBefore = 0;
        var run = parcel.Run;
        var length = FrameCut.Of(run, count, limits);
        queue.AppendDelivery(subscription.Sids, run.Head(count, length), count);
        if (subscription.Credit != Subscription.Unlimited) subscription.Credit -= count;
        subscription.Progress++;
        RemoveHead(parcel, count, length);
        return true;
    }

    /// <summary>Drops everything; the gap that remains is the number of messages that were waiting and those missed before them.</summary>
    internal ulong DropAll()
    {
        var missed = _missedAtEnd;
        _missedAtEnd = 0;
        while (_parcels.Count > 0)
        {
            var parcel = _parcels[0];
            missed += parcel.MissedBefore + parcel.Count;
            parcel.Account.Dropped(parcel.Count);
            RemoveHead(parcel, parcel.Count, parcel.Length);
        }

        return missed;
    }

    internal void BeginShedding()
    {
        IsShedding = true;
        DropOldest();
        ReleaseWaiters();
    }

    internal void AddWaiter(PublisherGate gate)
    {
        gate.Hold();
        (_waiters ??= []).Add(gate);
    }

    internal void ReleaseWaiters()
    {
        if (_waiters is not { } waiters) return;
        _waiters = null;
        foreach (var gate in waiters) gate.Release();
    }

    private void Push(in Run run)
    {
        var parcel = Parcel.Hold(run, pool);
        parcel.MissedBefore = _missedAtEnd;
        _missedAtEnd = 0;
        _parcels.PushBack(parcel);
        Bytes += parcel.Length;
    }

    private void HoldWhatFits(in Run run)
    {
        var length = FrameCut.AtMost(run.Bytes, subscription.PendingBytes - Bytes, limits, out var messages);
        if (messages > 0) Push(run.Head(messages, length));
        _missedAtEnd += run.Count - messages;
        run.Account.Dropped(run.Count - messages);
    }

    // The newest message stays even when it alone is over the bound: a policy that keeps nothing would be a broken subscription.
    private void DropOldest()
    {
        while (Bytes > subscription.PendingBytes)
        {
            var parcel = _parcels[0];
            var isLast = _parcels.Count == 1;
            if (isLast && parcel.Count == 1) return;
            var excess = (int)Math.Min(Bytes - subscription.PendingBytes, parcel.Length);
            var length = FrameCut.AtLeast(parcel.Run.Bytes, excess, limits, out var messages);
            if (isLast && messages == parcel.Count) length = FrameCut.Of(parcel.Run, --messages, limits);
            var missed = parcel.MissedBefore + messages;
            parcel.MissedBefore = 0;
            parcel.Account.Dropped(messages);
            RemoveHead(parcel, messages, length);
            _parcels[0].MissedBefore += missed;
        }
    }

    private void RemoveHead(Parcel parcel, uint messages, int length)
    {
        Bytes -= length;
        if (messages < parcel.Count)
        {
            parcel.RemoveHead(messages, length);
            return;
        }

        parcel.Release();
        _parcels.PopFront();
    }

    private void AppendMissed(OutboundQueue queue, ulong count)
    {
        Span<byte> frame = stackalloc byte[FrameWriter.MaxSidAndCountBytes];
        queue.Append(frame[..FrameWriter.WriteMissed(frame, subscription.Sid, count)]);
    }
}
