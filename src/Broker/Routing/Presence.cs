using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Announces connected clients, such that each subscription is told of each client exactly once: of clients that are connected when it
/// begins, in the form of retained messages, and of those that connect from then on. PROTOCOL.md, "What the broker says".
/// </summary>
/// <remarks>
/// A client counts as connected as long as its inbox is in the snapshot, so no state is kept for it, and no message is encoded while nobody
/// subscribes. Only the router changes the snapshot, and only it uses this class, so nobody can connect or disconnect between the two steps
/// of a batch.
/// </remarks>
/// <param name="table">Where the snapshot is.</param>
/// <param name="publisher">The router's own.</param>
/// <param name="pool">Where the memory of messages comes from.</param>
/// <param name="account">The broker's.</param>
internal sealed class Presence(RoutingTable table, RunPublisher publisher, SlabPool pool, PublisherAccount account)
{
    private readonly HoldingSubscriptions _holding = new();

    /// <summary>
    /// Tells subscriptions that begin of all clients that were connected before. Call it before their snapshot is in force, or the end of a
    /// client could overtake its announcement.
    /// </summary>
    internal void TellNewSubscriptions(RoutingSnapshot before, IReadOnlyList<RoutingChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.Begins && change.Subscription.WantsRetained && ReservedSubjects.IsSystem(change.Subscription.Pattern.Span)) Tell(change.Subscription, before);
        }
    }

    /// <summary>Announces new clients to all current subscriptions, once the snapshot with these clients is in force.</summary>
    internal void TellOfNewClients(IReadOnlyList<RoutingChange> changes)
    {
        if (!table.Current.HasSystemPatterns) return;
        foreach (var change in changes)
        {
            if (change is { Begins: true, Subscription.Client: { } client }) account.Routed(1, publisher.Publish(account, client.Connected()));
        }

        account.CountInTraffic(0);
    }

    // In the order in which they connected. The router cannot wait for a subscription with the policy block: that drops what is beyond its
    // bound.
    private void Tell(Subscription subscription, RoutingSnapshot snapshot)
    {
        if (!subscription.Outbox.Admits(subscription)) return;
        if (!SubjectPattern.TryParse(subscription.Pattern.Span, out var pattern, out _, Limits.Ceiling)) return;
        Span<byte> subject = stackalloc byte[SystemSubjects.ConnectedLength];
        var mustFlush = false;
        foreach (var client in snapshot.ClientsFor(subscription.Pattern.Span).OrderBy(client => client.Place))
        {
            SystemSubjects.WriteConnected(subject, client.Id);
            if (!client.HasLeft && pattern.Matches(subject)) mustFlush |= Deliver(subscription, client.Connected());
        }

        foreach (var holding in _holding) holding.Outbox.DropBeyondBound(holding);
        _holding.Clear();
        if (mustFlush) subscription.Outbox.Flush();
    }

    private bool Deliver(Subscription subscription, byte[] frame)
    {
        if (!publisher.IsWithinLimits(frame)) return false;
        var slab = pool.Rent(frame.Length);
        frame.CopyTo(slab.Bytes);
        var run = new Run(slab, 0, frame.Length, 1, account.WithoutReceipt, new RunTraits(DeliverFlags.Retained, 0));
        var mustFlush = subscription.Outbox.DeliverRetained(subscription, run, _holding);
        slab.Release();
        return mustFlush;
    }
}
