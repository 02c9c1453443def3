using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Who gets the messages of a subject: the same object for all subjects that lead to the same subscriptions, so that a run can go
/// on over several subjects as long as the reference is equal. Immutable.
/// </summary>
internal sealed class Route
{
    internal static readonly Route Nowhere = new([]);

    private readonly Subscription[] _subscriptions;

    internal Route(IReadOnlyList<Subscription> subscriptions)
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
    }

    /// <summary>One entry for each connection that gets a copy, or more where a DELIVER cannot name all of its subscriptions.</summary>
    internal Recipient[] Recipients { get; }

    internal bool IsEmpty => _subscriptions.Length == 0;

    internal bool Leads(List<Subscription> subscriptions) => subscriptions.Count == _subscriptions.Length && subscriptions.SequenceEqual(_subscriptions);
}
