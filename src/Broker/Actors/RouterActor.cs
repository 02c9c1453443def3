using Akka.Actor;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Streams;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Owner of the subscription index: it applies changes in the order they come and publishes one snapshot for each batch, or for each turn where a batch takes
/// long because much is retained; then others come in between. Live messages are never sent through here, but for those that tell of clients and of interest,
/// which only it can time. After a restart it goes on from the last published snapshot and table of interest, which are the whole of its state.
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

    /// <summary>The connection of a client has ended: its subscriptions end, and then its end may be told.</summary>
    /// <param name="Changes">The ends of all its subscriptions.</param>
    /// <param name="System">Who tells it.</param>
    /// <param name="Left">What to tell.</param>
    internal sealed record Leave(IReadOnlyList<RoutingChange> Changes, IActorRef System, SystemActor.Left Left);

    /// <summary>Every publisher that reads its next buffer sees the changes.</summary>
    internal sealed record Applied
    {
        internal static readonly Applied Instance = new();
    }

    /// <summary>The changes could not be applied because of a fault of the broker.</summary>
    internal sealed record Failed(string Cause);

    internal static Props Props(BrokerContext context) => Akka.Actor.Props.Create(() => new RouterActor(context)).WithDispatcher(InPlaceExecutor.Dispatcher);

    // Whoever asked is told also of a fault, or its connection would wait for the answer and never be read again.
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

    // Through here, so that an end never overtakes the arrival that it belongs to. A fault does not keep it from being told. Ends take one turn.
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
