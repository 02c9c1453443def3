using UdsBroker.Broker.Load;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Delivery;

/// <summary>The messages that were retained when the subscription began: they wait before everything else.</summary>
internal sealed partial class Backlog
{
    private Replay? _replay;

    private bool HasMessages => _replay is not null || _first is not null;

    /// <summary>
    /// Takes over what is retained for a subscription that begins, or the part that its policy leaves. The policy block has no bound here,
    /// because there is no publisher to hold back and what waits in the store needs no memory of its own. False when the policy is to
    /// disconnect and the bound is exceeded.
    /// </summary>
    /// <param name="replay">The messages.</param>
    /// <param name="room">The bytes for which its user and the broker have room.</param>
    internal bool Hold(Replay replay, long room)
    {
        var bytes = room < long.MaxValue - Bytes ? Bytes + room : long.MaxValue;
        var messages = long.MaxValue;
        if (subscription.Policy != OverflowPolicy.Block) (bytes, messages) = (Math.Min(bytes, subscription.Bound.Bytes), subscription.Bound.Messages);
        var keepsOldest = subscription.Policy is OverflowPolicy.DropNewest or OverflowPolicy.Disconnect;
        var fits = true;
        (var count, var length, _replay) = (0, 0L, replay);
        for (; replay.Count > 0 && (Bytes + replay.Bytes > bytes || Messages + replay.Count > messages); fits = false)
        {
            if (keepsOldest) MissBefore(_first, replay.DropLast(DropReason.Overflow));
            else replay.DropFirst(DropReason.Overflow);
        }

        UpdateTotals(replay, count, length);
        return fits || subscription.Policy != OverflowPolicy.Disconnect;
    }

    // With the policy latest, a message that is no longer the last of its subject is dropped.
    private void SendReplayed(Replay replay, OutboundQueue queue, int largestRun)
    {
        var (count, length, message) = (replay.Count, replay.Bytes, replay.First);
        if (message.Length > largestRun) replay.DropFirst(DropReason.TooLarge);
        else if (subscription.Policy == OverflowPolicy.Latest && message.IsGone) replay.DropFirst(DropReason.Overflow);
        else
        {
            var missed = replay.TakeMissed();
            if (!missed.IsEmpty) AppendMissed(queue, missed);
            queue.AppendDelivery(subscription.Sids, message.Run, 1);
            subscription.Charge(1);
            subscription.Progress++;
            replay.RemoveFirst();
        }

        UpdateTotals(replay, count, length);
    }

    // The last message stays if it is the newest of all, as in the chain of parcels.
    private void DropOldestReplayed(long mostBytes, long mostMessages)
    {
        if (_replay is not { } replay) return;
        var (count, length) = (replay.Count, replay.Bytes);
        var fewest = _first is null ? 1 : 0;
        while (replay.Count > fewest && (Bytes - length + replay.Bytes > mostBytes || Messages - count + replay.Count > mostMessages))
            replay.DropFirst(DropReason.Overflow);
        UpdateTotals(replay, count, length);
    }

    private void DropReplay(DropReason reason)
    {
        if (_replay is not { } replay) return;
        var (count, length) = (replay.Count, replay.Bytes);
        while (replay.Count > 0) replay.DropFirst(reason);
        UpdateTotals(replay, count, length);
    }

    private void DropExpiredReplayed()
    {
        if (_replay is not { CanExpire: true } replay) return;
        var (count, length) = (replay.Count, replay.Bytes);
        replay.DropExpired(clock.Milliseconds);
        UpdateTotals(replay, count, length);
    }

    // Adjusts the totals by what the replay has lost since it had this many messages and bytes. When it is empty, its gap moves before what
    // comes next.
    private void UpdateTotals(Replay replay, int count, long length)
    {
        Messages += replay.Count - count;
        Bytes += replay.Bytes - length;
        if (replay.Count == 0)
        {
            _replay = null;
            MissBefore(_first, replay.TakeMissed());
        }

        Recharge();
    }
}
