using Akka.Actor;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Streams;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Owner of the subscription index: it applies changes in the order they come and publishes one snapshot for each batch, after it has given new
/// subscriptions what is retained. Live messages are never sent through here, but for those that tell of clients and of interest, which only it can time. After
/// a restart it goes on from the last published snapshot and table of interest, which are the whole of its state.
/// </summary>
internal sealed class RouterActor : ReceiveActor
{
    private readonly RoutingTable _table;
    private readonly RetainedStore _retained;
    private readonly InterestTable _interest;
    private readonly RunPublisher _publisher;
    private readonly PublisherAccount _account;
    private readonly Presence _presence;

    public RouterActor(BrokerContext context)
    {
        _table = context.Table;
        _retained = context.Kept.Retained;
        _interest = context.Interest;
        _publisher = new RunPublisher(context.Table, context.Pool, context.Settings.Limits);
        _account = new PublisherAccount(Guid.Empty, PeerAccess.OfBroker, context.Traffic);
        _presence = new Presence(context.Table, _publisher, context.Pool, _account);
        Receive<Apply>(OnApply);
        Receive<Leave>(OnLeave);
    }

    /// <summary>Asks for subscriptions to begin and end; answered by <see cref="Applied"/> when they are in force.</summary>
    internal sealed record Apply(IReadOnlyList<RoutingChange> Changes);

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
        try
        {
            ApplyAll(message.Changes);
        }
        catch (Exception fault)
        {
            Sender.Tell(new Failed(fault.Message));
            throw;
        }

        Sender.Tell(Applied.Instance);
    }

    // Through here, so that an end never overtakes the arrival that it belongs to. A fault does not keep it from being told.
    private void OnLeave(Leave message)
    {
        try
        {
            ApplyAll(message.Changes);
        }
        finally
        {
            message.System.Tell(message.Left);
        }
    }

    private void ApplyAll(IReadOnlyList<RoutingChange> changes)
    {
        var before = _table.Current;
        var snapshot = before;
        foreach (var change in changes)
        {
            snapshot = change.Begins ? snapshot.With(change.Subscription) : snapshot.Without(change.Subscription);
            _interest.Apply(change);
        }

        _presence.TellNewcomers(before, changes);
        _retained.Enforce(snapshot, changes);
        _presence.TellArrivals(changes);
        foreach (var change in _interest.TakeChanges(snapshot)) Tell(change);
    }

    private void Tell(InterestChange change)
    {
        var frame = change.Encode();
        if (change.HasTurned) _account.Routed(1, _publisher.Publish(_account, frame));
        else
        {
            foreach (var newcomer in change.Newcomers) _account.Routed(1, _publisher.PublishTo(newcomer, _account, frame));
        }

        _account.CountInTraffic(0);
    }
}
