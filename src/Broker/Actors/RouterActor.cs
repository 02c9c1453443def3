using Akka.Actor;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Streams;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Owner of the subscription index: it applies changes and publishes one snapshot for each batch of them, or for each turn when a batch
/// takes long because much is retained. Users take turns, so that none waits for the batches of all connections of another; the batches of
/// one user begin in the order in which they come, and one that takes several turns lets the others go on in between. Messages are not
/// routed here, except those that announce clients and interest, because only this actor can order them against the snapshot. After a
/// restart it continues from the last published snapshot, the interest table and the waiting batches, which are its whole state.
/// </summary>
internal sealed class RouterActor : ReceiveActor
{
    private readonly SubscriptionChanges _changes;
    private readonly UserTurns<Batch> _waiting;
    private bool _isTurnDue;

    /// <param name="context">What the broker consists of.</param>
    /// <param name="waiting">The batches that wait. It outlives a restart, otherwise connections would wait forever.</param>
    public RouterActor(BrokerContext context, UserTurns<Batch> waiting)
    {
        var account = new PublisherAccount(Guid.Empty, PeerAccess.OfBroker, context.Traffic);
        var publisher = new RunPublisher(context.Table, context.Pool, context.Settings.Limits);
        _changes = new SubscriptionChanges(context.Table, context.Kept.Retained, context.Interest, publisher, context.Pool, account);
        _waiting = waiting;
        Receive<Apply>(message => Add(new Batch(message.Changes, message.Uid, Sender, Applied.Instance)));
        Receive<Leave>(message => Add(new Batch(message.Changes, message.Left.Client.Peer.Uid, message.System, message.Left)));
        Receive<Turn>(_ => OnTurn());
    }

    /// <summary>Asks for subscriptions to begin and end; answered by <see cref="Applied"/> when they are in force.</summary>
    /// <param name="Changes">The changes, in order.</param>
    /// <param name="Uid">The user whose turns it takes.</param>
    internal sealed record Apply(IReadOnlyList<RoutingChange> Changes, uint? Uid);

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

    /// <summary>Changes that wait to be applied.</summary>
    /// <param name="Changes">The changes, in order.</param>
    /// <param name="Uid">The user whose turns it takes.</param>
    /// <param name="Waiter">The actor that is told when they are in force.</param>
    /// <param name="Notice">The message that it is sent then.</param>
    /// <param name="First">The first of them that is not in force yet.</param>
    internal sealed record Batch(IReadOnlyList<RoutingChange> Changes, uint? Uid, IActorRef Waiter, object Notice, int First = 0);

    private sealed record Turn
    {
        internal static readonly Turn Instance = new();
    }

    internal static Props Props(BrokerContext context)
    {
        var waiting = new UserTurns<Batch>();
        return Akka.Actor.Props.Create(() => new RouterActor(context, waiting)).WithDispatcher(InPlaceExecutor.Dispatcher);
    }

    protected override void PreStart() => AskForTurn();

    // A batch is only put in its user's queue, and the turn comes after the messages that are in the mailbox already, so that all of them
    // have their places before the next user is chosen.
    private void Add(Batch batch)
    {
        _waiting.Add(batch.Uid, batch);
        AskForTurn();
    }

    private void AskForTurn()
    {
        if (_isTurnDue || _waiting.IsEmpty) return;
        _isTurnDue = true;
        Self.Tell(Turn.Instance, ActorRefs.NoSender);
    }

    private void OnTurn()
    {
        _isTurnDue = false;
        if (!_waiting.TryTake(out var batch)) return;
        ApplySome(batch);
        AskForTurn();
    }

    // The actor that waits for the batch must be told about a fault as well: otherwise a connection would never be read again, or the end
    // of one never be announced.
    private void ApplySome(Batch batch)
    {
        int next;
        try
        {
            next = _changes.Apply(batch.Changes, batch.First);
        }
        catch (Exception fault)
        {
            batch.Waiter.Tell(batch.Notice is Applied ? new Failed(fault.Message) : batch.Notice);
            throw;
        }

        if (next < batch.Changes.Count) _waiting.Add(batch.Uid, batch with { First = next });
        else batch.Waiter.Tell(batch.Notice);
    }
}
