using UdsBroker.Broker.Delivery;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// The recipients of a subject's messages. All subjects that lead to the same subscriptions share one object, so that a run can extend over
/// several subjects as long as the reference is equal. It belongs to one publisher, for which its queue groups count the turns.
/// </summary>
internal sealed class Route
{
    /// <summary>A subject that nobody subscribes to.</summary>
    internal static readonly Route Nowhere = new([], 0);

    /// <summary>The inbox of a connection that is not there.</summary>
    internal static readonly Route Gone = new([], 0) { IsInbox = true };

    private readonly Subscription[] _subscriptions;

    /// <param name="subscriptions">All that matched.</param>
    /// <param name="start">Any number; it selects the member with which each queue group begins.</param>
    internal Route(IReadOnlyList<Subscription> subscriptions, uint start)
    {
        _subscriptions = [.. subscriptions];
        if (_subscriptions is [{ Queue: null } only])
        {
            IsInbox = only.IsInbox;
            Recipients = [new Recipient(only.Outbox, _subscriptions)];
            Groups = [];
            return;
        }

        IsInbox = _subscriptions.Any(s => s.IsInbox);
        Recipients =
        [
            .. from subscription in _subscriptions
               where subscription.Queue is null
               group subscription by subscription.Outbox into connection
               from share in connection.Chunk(connection.Key.MaxSids)
               select new Recipient(connection.Key, share),
        ];
        Groups = [.. _subscriptions.Where(s => s.Queue is not null).GroupBy(s => s.Queue).Select(g => new QueueGroup([.. g], start))];
    }

    /// <summary>True when the subject is below the inbox of a connection, connected or not.</summary>
    internal bool IsInbox { get; private init; }

    /// <summary>True when more than one connection may get a message.</summary>
    internal bool FansOut => Recipients.Length + Groups.Length > 1;

    /// <summary>All subscriptions that matched.</summary>
    internal ReadOnlySpan<Subscription> Subscriptions => _subscriptions;

    /// <summary>
    /// One entry for each connection that gets a copy; more for a connection with more subscriptions than one DELIVER can name.
    /// </summary>
    internal Recipient[] Recipients { get; }

    /// <summary>The queue groups, of each of which one member gets the message.</summary>
    internal QueueGroup[] Groups { get; }

    /// <summary>Delivers the run to all recipients and returns how many deliveries were admitted.</summary>
    /// <param name="run">The messages.</param>
    /// <param name="limits">The limits they were scanned with.</param>
    /// <param name="holding">Receives the subscriptions that the publisher has to wait for.</param>
    /// <param name="toFlush">Receives the outboxes that the caller has to flush.</param>
    internal ulong Deliver(in Run run, Limits limits, HoldingSubscriptions holding, List<Outbox> toFlush) => Deliver(run, limits, holding, toFlush, out _);

    /// <summary>As the other overload; <paramref name="reached"/> is how many messages from the start of the run reached anybody.</summary>
    internal ulong Deliver(in Run run, Limits limits, HoldingSubscriptions holding, List<Outbox> toFlush, out uint reached)
    {
        ulong deliveries = 0;
        reached = 0;
        foreach (var recipient in Recipients)
        {
            if (recipient.Outbox.Deliver(recipient, run, holding, out var admitted, out var messages)) toFlush.Add(recipient.Outbox);
            deliveries += admitted;
            reached = Math.Max(reached, messages);
        }

        foreach (var group in Groups)
        {
            var messages = group.Deliver(run, limits, holding, toFlush);
            deliveries += messages;
            reached = Math.Max(reached, messages);
        }

        return deliveries;
    }

    internal bool LeadsTo(List<Subscription> subscriptions) => subscriptions.Count == _subscriptions.Length && subscriptions.SequenceEqual(_subscriptions);
}
