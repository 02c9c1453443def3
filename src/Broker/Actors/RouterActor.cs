using Akka.Actor;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Owner of the subscription index: it applies changes in the order they come and publishes one snapshot for each batch. Messages are
/// never sent through here. After a restart it goes on from the last published snapshot, which is the whole of its state.
/// </summary>
internal sealed class RouterActor : ReceiveActor
{
    private readonly RoutingTable _table;

    public RouterActor(RoutingTable table)
    {
        _table = table;
        Receive<Apply>(OnApply);
    }

    /// <summary>Asks for subscriptions to begin and end; answered by <see cref="Applied"/> when they are in force.</summary>
    internal sealed record Apply(IReadOnlyList<RoutingChange> Changes);

    /// <summary>Every publisher that reads its next buffer sees the changes.</summary>
    internal sealed record Applied
    {
        internal static readonly Applied Instance = new();
    }

    internal static Props Props(RoutingTable table) => Akka.Actor.Props.Create(() => new RouterActor(table));

    private void OnApply(Apply message)
    {
        var snapshot = _table.Current;
        foreach (var change in message.Changes)
            snapshot = change.Begins ? snapshot.With(change.Subscription) : snapshot.Without(change.Subscription);
        _table.Current = snapshot;
        Sender.Tell(Applied.Instance);
    }
}
