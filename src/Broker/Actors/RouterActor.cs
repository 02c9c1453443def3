using Akka.Actor;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Streams;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Owner of the subscription index: it applies changes in the order in which they come and publishes one snapshot for each batch, or for
/// each turn when a batch takes long because much is retained, so that others get turns in between. Messages are not routed here, except
/// those that announce clients and interest, because only this actor can order them against the snapshot. After a restart it continues from
/// the last published snapshot and the interest table, which are its whole state.
/// </summary>
internal sealed class RouterActor : ReceiveActor
{
    private readonly SubscriptionChanges _changes;

    public RouterActor(BrokerContext context)
    {
        var account = new PublisherAccount(Guid.Empty, PeerAccess.OfBroker, context.Traffic);
        var publisher = new RunPublisher(context.Table, context.Pool, context.Settings.Limits);
        _changes = new SubscriptionChanges(context.Table, context.Kept.Retained, context.Interest, publisher, context.Pool, account);
        Receive<Apply>(OnApply);
        Receive<Leave>(OnLeave);
    }

    /// <summary>Asks for subscriptions to begin and end; answered by <see cref="Applied"/> when they are in force.</summary>
    /// <param name="Changes">The changes, in order.</param>
    /// <param name="Next">The first of them that is not in force yet.</param>
    internal sealed record Apply(IReadOnlyList<RoutingChange> Changes, int Next = 0);

    /// <summary>The connection of a client has ended: its subscriptions end, and then its end may be announced.</summary>
    /// <param name="Changes">The ends of all its subscriptions.</param>
    /// <param name="System">The actor that announces it.</param>
    /// <param name="Left">The announcement.</param>
    internal sealed record Leave(IReadOnlyList<RoutingChange> Changes, IActorRef System, SystemActor.Left Left);

    /// <summary>The changes are in force for every publisher's next received buffer.</summary>
    internal sealed record Applied
    {
        internal static readonly Applied Instance = new();
    }

    /// <summary>The changes could not be applied because of a fault of the broker.</summary>
    internal sealed record Failed(string Cause);

    internal static Props Props(BrokerContext context) => Akka.Actor.Props.Create(() => new RouterActor(context)).WithDispatcher(InPlaceExecutor.Dispatcher);

    // The sender must be told about a fault as well, or its connection would wait for the answer for ever and never be read again.
    private void OnApply(Apply message)
    {
        int next;
        try
        {
            next = _changes.Apply(message.Changes, message.Next);
        }
        catch (Exception fault)
        {
            Sender.Tell(new Failed(fault.Message));
            throw;
        }

        if (next < message.Changes.Count) Self.Tell(message with { Next = next }, Sender);
        else Sender.Tell(Applied.Instance);
    }

    // The end goes through the router so that it never overtakes the client's arrival, and it is announced even after a fault. Ends take
    // one turn.
    private void OnLeave(Leave message)
    {
        try
        {
            _changes.Apply(message.Changes);
        }
        finally
        {
            message.System.Tell(message.Left);
        }
    }
}
