using UdsBroker.Broker.Delivery;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// The members of one queue group that a subject matched: each message goes to exactly one of them. A run is divided into pieces as equal
/// as possible, which go to the members in turn. A member that cannot be sent to at once is skipped while another can; when none can, the
/// messages wait for a member that only needs time, and as a last resort for one that needs credit.
/// </summary>
/// <remarks>
/// A member that closed in the meantime admits nothing, so its share goes to the others; nothing is lost as long as one is open. Used by
/// one publisher; the members' own locks guard their state.
/// </remarks>
internal sealed class QueueGroup(Subscription[] members, uint start)
{
    private static readonly Readiness[] Order = [Readiness.AtOnce, Readiness.InTime, Readiness.AtAll];

    private uint _turn = start;

    /// <summary>Assigns the messages of a run and returns how many were assigned: all of them, unless every member has closed.</summary>
    /// <param name="run">The messages.</param>
    /// <param name="limits">The limits they were scanned with.</param>
    /// <param name="holding">Receives the subscriptions that the publisher has to wait for.</param>
    /// <param name="toFlush">Receives the outboxes that the caller has to flush.</param>
    internal uint Deliver(in Run run, Limits limits, HoldingSubscriptions holding, List<Outbox> toFlush)
    {
        var left = run;
        foreach (var readiness in Order)
        {
            while (left.Count > 0 && ShareOut(ref left, readiness, limits, holding, toFlush))
            {
            }

            if (left.Count == 0) break;
        }

        return run.Count - left.Count;
    }

    // One round over the members; true when a member took something.
    private bool ShareOut(ref Run left, Readiness readiness, Limits limits, HoldingSubscriptions holding, List<Outbox> toFlush)
    {
        var before = left.Count;
        for (var i = 0; i < members.Length && left.Count > 0; i++)
        {
            var share = (left.Count + (uint)(members.Length - i) - 1) / (uint)(members.Length - i);
            var member = members[_turn++ % (uint)members.Length];
            if (member.Outbox.DeliverShare(member, left, share, readiness, holding, out var taken)) toFlush.Add(member.Outbox);
            if (taken > 0) left = left.Tail(taken, FrameCut.LengthOfFirst(left, taken, limits));
        }

        return left.Count < before;
    }
}
