using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Applies the beginning and end of subscriptions in the one order in which nothing is announced twice or missed: first the state from
/// before, then the snapshot with the changes, then the messages that announce the changes. Not thread-safe: only the router uses it.
/// </summary>
/// <remarks>
/// A batch is applied in turns of a bounded length, because a client may ask many times for everything that is retained. Other batches get
/// turns in between, as does the end of the connection that the batch is from; subscriptions of the batch that have not begun by then never
/// do.
/// </remarks>
internal sealed class SubscriptionChanges(
    RoutingTable table, RetainedStore retained, InterestTable interest, RunPublisher publisher, SlabPool pool, PublisherAccount account)
{
    /// <summary>
    /// A turn ends after the subscription with which it may have examined this many messages for subscriptions that begin, which takes
    /// about a millisecond.
    /// </summary>
    internal const int MaxPerTurn = 4096;

    /// <summary>How many watched subjects are compared with a pattern in the time in which a message is examined.</summary>
    private const int WatchesPerMessage = 4;

    private readonly Presence _presence = new(table, publisher, pool, account);

    /// <summary>Applies some of the changes and returns the index of the next one; their number when all are applied.</summary>
    /// <param name="changes">The changes, in order.</param>
    /// <param name="start">The first one that was not applied yet.</param>
    internal int Apply(IReadOnlyList<RoutingChange> changes, int start = 0)
    {
        var before = table.Current;
        var snapshot = before;
        var applied = new List<RoutingChange>();
        var (next, cost, kept) = (start, 0, retained.Kept.Messages);
        for (; next < changes.Count && cost < MaxPerTurn; next++)
        {
            var change = changes[next];
            if (!TryApply(change, ref snapshot)) continue;
            cost += interest.Apply(change) / WatchesPerMessage;
            applied.Add(change);
            if (change is { Begins: true, Subscription.WantsRetained: true }) cost += CostOf(change.Subscription.Pattern.Span, kept, before);
        }

        _presence.TellNewSubscriptions(before, applied);
        retained.PutInForce(snapshot, applied);
        _presence.TellOfNewClients(applied);
        foreach (var change in interest.TakeChanges(snapshot)) Tell(change);
        return next;
    }

    // The end of a connection does not wait for its last batch, so a subscription may end before it has begun.
    private static bool TryApply(in RoutingChange change, ref RoutingSnapshot snapshot)
    {
        var before = snapshot;
        var subscription = change.Subscription;
        if (!change.Begins)
        {
            subscription.IsOver = true;
            snapshot = snapshot.Without(subscription);
        }
        else if (!subscription.IsOver) snapshot = snapshot.With(subscription);

        return !ReferenceEquals(snapshot, before);
    }

    // The most messages that are examined for a subscription.
    private static int CostOf(ReadOnlySpan<byte> pattern, int kept, RoutingSnapshot snapshot)
    {
        if (ReservedSubjects.IsSystem(pattern)) return snapshot.MostClientsFor(pattern);
        return pattern.ContainsAny((byte)'*', (byte)'>') ? kept : 1;
    }

    private void Tell(InterestChange change)
    {
        var frame = change.Encode();
        if (change.ForAllWatchers) account.Routed(1, publisher.Publish(account, frame));
        else
        {
            foreach (var watcher in change.NewWatchers) account.Routed(1, publisher.PublishTo(watcher, account, frame));
        }

        account.CountInTraffic(0);
    }
}
