using UdsBroker.Broker.Sessions;

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
        Recipients = [.. _subscriptions.Where(s => s.Queue is null).GroupBy(s => s.Outbox).Select(g => new Recipient(g.Key, [.. g]))];
    }

    /// <summary>One entry for each connection that gets a copy.</summary>
    internal Recipient[] Recipients { get; }

    internal bool IsEmpty => _subscriptions.Length == 0;

    internal bool Leads(List<Subscription> subscriptions) => subscriptions.Count == _subscriptions.Length && subscriptions.SequenceEqual(_subscriptions);
}
