namespace UdsBroker.Broker.Delivery;

/// <summary>How much of a run a member of a queue group takes, which depends on the state of its subscription at that moment.</summary>
internal sealed partial class Outbox
{
    /// <summary>
    /// Delivers up to <paramref name="max"/> messages from the start of the run to a member, if it has the required readiness.
    /// </summary>
    /// <param name="member">The member, one of this connection's subscriptions.</param>
    /// <param name="run">The messages.</param>
    /// <param name="max">The member's share.</param>
    /// <param name="readiness">The required readiness.</param>
    /// <param name="holding">Receives the subscription if the publisher has to wait for it.</param>
    /// <param name="taken">How many messages it has taken, 0 when it is not ready.</param>
    /// <returns>True when the caller has to flush.</returns>
    internal bool DeliverShare(Subscription member, in Run run, uint max, Readiness readiness, HoldingSubscriptions holding, out uint taken)
    {
        lock (_lock)
        {
            var count = (uint)Math.Min(max, RoomFor(member, readiness));
            taken = count == 0 ? 0 : DeliverTo(member, run.Head(count, FrameCut.LengthOfFirst(run, count, limits.Wire)), holding);
            return RequestFlush();
        }
    }

    private ulong RoomFor(Subscription member, Readiness readiness)
    {
        if (!member.IsOpen || _end != EndState.Open) return 0;
        var waiting = (ulong)(member.Backlog?.Messages ?? 0);
        return readiness switch
        {
            Readiness.AtOnce => member.Backlog is null && HasRoom ? member.Credit : 0,
            Readiness.InTime => member.Credit > waiting ? member.Credit - waiting : 0,
            _ => Subscription.Unlimited,
        };
    }
}
