using UdsBroker.Broker.Load;
using UdsBroker.Broker.Requests;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Messages of an ending subscription that are not simply dropped: those of a member of a queue group, which another member can take, and
/// requests, whose askers have to be told. They are kept as leftovers under the lock; the owner of the connection then takes and reassigns
/// them without holding it.
/// </summary>
internal sealed partial class Outbox
{
    /// <summary>What was kept for reassignment since the last call.</summary>
    internal IReadOnlyList<Leftover> TakeLeftovers()
    {
        lock (_lock)
        {
            if (_leftovers is not { } leftovers) return [];
            _leftovers = null;
            return leftovers;
        }
    }

    /// <summary>
    /// Removes the messages from one subscription of the connection; returns the requests among them that no other subscription of it has.
    /// </summary>
    internal List<(ReplyAddress Address, RequestMark Mark)> RemoveRequests(in Run run)
    {
        var removed = new List<(ReplyAddress, RequestMark)>();
        if (run.Traits.Request is not { } mark) return removed;
        lock (_lock)
        {
            foreach (ReplyAddress address in RequestsOf(run))
            {
                if (_requests.RemoveDelivery(address, mark)) removed.Add((address, mark));
            }
        }

        return removed;
    }

    /// <summary>Drops messages that nobody else took, and tells the subscriber if it is still there.</summary>
    internal void DropLeftover(Leftover leftover, PublisherAccount account, uint messages)
    {
        account.Dropped(messages, leftover.Reason);
        Span<byte> frame = stackalloc byte[FrameWriter.MaxMissedBytes];
        Send(frame[..FrameWriter.WriteMissed(frame, leftover.Subscription.Sid, messages, 0)]);
    }

    private void KeepLeftover(Backlog backlog, DropReason reason)
    {
        if (backlog.TakeAll() is { Count: > 0 } parcels) (_leftovers ??= []).Add(new Leftover(backlog.Subscription, parcels, reason));
    }

    private void KeepGroupLeftovers(DropReason reason)
    {
        foreach (var backlog in _backlogged)
        {
            if (backlog.Subscription.Queue is not null) KeepLeftover(backlog, reason);
        }
    }
}
