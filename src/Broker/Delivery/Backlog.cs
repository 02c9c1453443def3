using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Load;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// What could not be sent to one subscription yet, in order, with the gaps where messages were dropped. The overflow policy acts here. The
/// messages received plus those reported missed must add up to those published while subscribed, so every drop is counted in the
/// publisher's account and in the gap before the message that follows. Guarded by the lock of the outbox.
/// </summary>
internal sealed partial class Backlog(Subscription subscription, SlabPool pool, IMonotonicClock clock, Limits limits)
{
    /// <summary>Its own size in memory, without what waits.</summary>
    internal const int OwnBytes = 384;

    private readonly ParcelStore _store = new(pool);
    private long _charged;
    private List<PublisherGate>? _waiters;

    internal Subscription Subscription => subscription;

    internal bool IsEmpty => !HasMessages && _missedAtEnd.IsEmpty;

    /// <summary>
    /// True when something could be sent if the connection's queue had room: a gap at any time, a message only with credit.
    /// </summary>
    internal bool CanSend => HasMessages ? subscription.Credit > 0 : !_missedAtEnd.IsEmpty;

    /// <summary>Set by the outbox while the backlog is among those that take turns for room in the queue.</summary>
    internal bool IsInTurn { get; set; }

    /// <summary>Its place in the outbox's list of backlogs.</summary>
    internal int Place { get; set; }

    /// <summary>True when a blocking subscription made no progress for too long and drops its oldest until it has caught up.</summary>
    internal bool IsCatchingUp { get; private set; }

    /// <summary>True while publishers have to wait for this subscription.</summary>
    internal bool HoldsPublishers =>
        subscription.Policy == OverflowPolicy.Block && subscription.IsOpen && !IsCatchingUp && HasMessages;

    /// <summary>True when more waits than the policies that drop would let.</summary>
    internal bool IsOverBound => Bytes > subscription.Bound.Bytes || Messages > subscription.Bound.Messages;

    /// <summary>
    /// Takes over the run, or the part that the policy leaves. False when the policy is to disconnect and the bound is exceeded.
    /// </summary>
    internal bool Hold(in Run run)
    {
        DropExpired();
        var isUserFull = subscription.Outbox.IsUserFull;
        var fits = !isUserFull && Bytes + run.Length <= subscription.Bound.Bytes && Messages + run.Count <= subscription.Bound.Messages;
        switch (subscription.Policy)
        {
            case OverflowPolicy.DropNewest when !fits:
                HoldWhatFits(run, isUserFull ? 0 : subscription.Bound.Bytes - Bytes);
                return true;
            case OverflowPolicy.Disconnect when !fits:
                Miss(run.Count, run.Account);
                return false;
            case OverflowPolicy.Latest:
                HoldLatest(run, isUserFull);
                return true;
            case OverflowPolicy.DropOldest:
            case OverflowPolicy.Block when IsCatchingUp:
                Push(run);
                DropOldest(isUserFull ? Bytes - run.Length : subscription.Bound.Bytes);
                return true;
            default:
                Push(run);
                return true;
        }
    }

    /// <summary>Sends the next messages as far as credit allows, preceded by the gap before them; false when nothing can be sent.</summary>
    /// <param name="queue">Where to.</param>
    /// <param name="largestRun">The most bytes of messages that are appended together; no single message is larger.</param>
    internal bool SendNext(OutboundQueue queue, int largestRun)
    {
        if (!CanSend) return false;
        if (_replay is { First.Deadline: not 0 } || (_replay is null && _first is { CanExpire: true })) DropExpired();
        if (_replay is { } replay)
        {
            SendReplayed(replay, queue, largestRun);
            return true;
        }

        if (_first is not { } parcel)
        {
            AppendMissed(queue, _missedAtEnd);
            _missedAtEnd = default;
            return true;
        }

        if (!parcel.MissedBefore.IsEmpty) AppendMissed(queue, parcel.MissedBefore);
        parcel.MissedBefore = default;
        var count = (uint)Math.Min(parcel.Count, subscription.Credit);
        var run = parcel.Run;
        var length = FrameCut.LengthOfFirst(run, count, limits);
        if (length > largestRun) length = FrameCut.AtMost(run.Bytes, largestRun, count, limits, out count);
        queue.AppendDelivery(subscription.Sids, run.Head(count, length), count);
        subscription.Charge(count);
        subscription.Progress++;
        RemoveHead(parcel, count, length);
        return true;
    }

    /// <summary>Drops arriving messages that could never be sent; their gap is after what waits.</summary>
    internal void Skip(in Run run) => Miss(run.Count, run.Account, DropReason.TooLarge);

    /// <summary>Drops everything and returns the whole gap: the messages that were waiting and those missed before them.</summary>
    internal Gap DropAll(DropReason reason)
    {
        DropReplay(reason);
        while (_first is { } parcel)
        {
            parcel.Account.Dropped(parcel.Count, reason);
            _missedAtEnd += parcel.MissedBefore + Gap.Of(parcel.Count);
            RemoveHead(parcel, parcel.Count, parcel.Length);
        }

        var missed = _missedAtEnd;
        _missedAtEnd = default;
        return missed;
    }

    internal void BeginCatchingUp()
    {
        IsCatchingUp = true;
        DropExpired();
        DropOldest(subscription.Bound.Bytes);
        ReleaseWaiters();
    }

    internal void AddWaiter(PublisherGate gate)
    {
        gate.Hold();
        (_waiters ??= []).Add(gate);
    }

    /// <summary>Releases one publisher, if it waits.</summary>
    internal void ReleaseWaiter(PublisherGate gate)
    {
        if (_waiters is not null && _waiters.Remove(gate)) gate.Release();
    }

    /// <summary>Forgets a publisher that has ended.</summary>
    internal void RemoveWaiter(PublisherGate gate) => _waiters?.Remove(gate);

    /// <summary>Releases all publishers that wait.</summary>
    internal void ReleaseWaiters()
    {
        if (_waiters is not { } waiters) return;
        _waiters = null;
        foreach (var gate in waiters) gate.Release();
    }

    /// <summary>Ends the backlog, which is empty by now: publishers are released and the memory is returned.</summary>
    internal void End()
    {
        _store.Release();
        ReleaseWaiters();
        subscription.Outbox.BacklogChanged(-_charged);
        _charged = 0;
    }

    // What waits is charged with the memory that it takes, which for small messages is many times their bytes.
    private void Recharge()
    {
        var memory = OwnBytes + _store.Memory + (_replay?.Bytes ?? 0);
        subscription.Outbox.BacklogChanged(memory - _charged);
        _charged = memory;
    }

    private void HoldWhatFits(in Run run, long bytes)
    {
        var length = FrameCut.AtMost(run.Bytes, bytes, subscription.Bound.Messages - Messages, limits, out var messages);
        if (messages > 0) Push(run.Head(messages, length));
        Miss(run.Count - messages, run.Account);
    }

    // The newest message stays even when it alone exceeds the bound: a subscription that keeps nothing would be broken. When the user as a
    // whole has no room, a subscription drops as many bytes as it adds.
    private void DropOldest(long mostBytes)
    {
        mostBytes = Math.Min(mostBytes, subscription.Bound.Bytes);
        DropOldestReplayed(mostBytes, subscription.Bound.Messages);
        while ((Bytes > mostBytes || Messages > subscription.Bound.Messages) && _first is { } parcel && (parcel.Count > 1 || parcel.Next is not null))
        {
            var bytes = Bytes - mostBytes;
            var excess = Messages - subscription.Bound.Messages;
            var (length, messages) = (parcel.Length, parcel.Count);
            if (bytes < length && excess < messages) length = FrameCut.AtLeast(parcel.Run.Bytes, bytes, excess, limits, out messages);
            if (messages == parcel.Count && parcel.Next is null) length = FrameCut.LengthOfFirst(parcel.Run, --messages, limits);
            var missed = parcel.MissedBefore + Gap.Of(messages);
            parcel.MissedBefore = default;
            parcel.Account.Dropped(messages, DropReason.Overflow);
            RemoveHead(parcel, messages, length);
            _first!.MissedBefore += missed;
        }
    }

    private void AppendMissed(OutboundQueue queue, Gap gap)
    {
        Span<byte> frame = stackalloc byte[FrameWriter.MaxMissedBytes];
        queue.Append(frame[..FrameWriter.WriteMissed(frame, subscription.Sid, gap.Count, gap.Expired)]);
    }
}
