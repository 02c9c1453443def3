using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Who gets the messages of a subject: the same object for all subjects that lead to the same subscriptions, so that a run can go
/// on over several subjects as long as the reference is equal. It belongs to one publisher, whose turns its queue groups count.
/// </summary>
internal sealed class Route
{
    internal static readonly Route Nowhere = new([], 0);

    private readonly Subscription[] _subscriptions;

    /// <param name="subscriptions">All that matched.</param>
    /// <param name="start">Any number; with which member each queue group begins.</param>
    internal Route(IReadOnlyList<Subscription> subscriptions, uint start)
    {
        _subscriptions = [.. subscriptions];
        Recipients =
        [
            .. from subscription in _subscriptions
               where subscription.Queue is null
               group subscription by subscription.Outbox into connection
               from share in connection.Chunk(Limits.MaxDeliverSids)
               select new Recipient(connection.Key, share),
        ];
        Groups = [.. _subscriptions.Where(s => s.Queue is not null).GroupBy(s => s.Queue).Select(g => new QueueGroup([.. g], start))];
    }

    /// <summary>One entry for each connection that gets a copy; more for a connection with more subscriptions than one DELIVER can name.</summary>
    internal Recipient[] Recipients { get; }

    /// <summary>The queue groups, of each of which one member gets the message.</summary>
    internal QueueGroup[] Groups { get; }

    /// <summary>Gives the run to everybody it leads to and returns how many deliveries were admitted.</summary>
    /// <param name="run">The messages.</param>
    /// <param name="limits">The limits they were scanned with.</param>
    /// <param name="holding">Receives the subscriptions that the publisher has to wait for.</param>
    /// <param name="toFlush">Receives the outboxes that the caller has to flush.</param>
    internal ulong Deliver(in Run run, Limits limits, HoldingSubscriptions holding, List<Outbox> toFlush)
    {
        ulong deliveries = 0;
        foreach (var recipient in Recipients)
        {
            if (recipient.Outbox.Deliver(recipient, run, holding, out var admitted)) toFlush.Add(recipient.Outbox);
            deliveries += admitted;
        }

        foreach (var group in Groups) deliveries += group.Deliver(run, limits, holding, toFlush);
        return deliveries;
    }

    internal bool Leads(List<Subscription> subscriptions) => subscriptions.Count == _subscriptions.Length && subscriptions.SequenceEqual(_subscriptions);
}
