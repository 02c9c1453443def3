using Akka.Actor;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Owner of the subscription index: it applies changes in the order they come and publishes one snapshot for each batch, after it has given new
/// subscriptions what is retained. Live messages are never sent through here, but for those that tell of interest, which only it can time. After
/// a restart it goes on from the last published snapshot and table of interest, which are the whole of its state.
/// </summary>
internal sealed class RouterActor : ReceiveActor
{
    private readonly RoutingTable _table;
    private readonly RetainedStore _retained;
    private readonly InterestTable _interest;
    private readonly RunPublisher _publisher;
    private readonly PublisherAccount _account;

    public RouterActor(BrokerContext context)
    {
        _table = context.Table;
        _retained = context.Directed.Retained;
        _interest = context.Interest;
        _publisher = new RunPublisher(context.Table, context.Pool, context.Settings.Limits);
        _account = new PublisherAccount(Guid.Empty, PeerAccess.OfBroker, context.Traffic);
        Receive<Apply>(OnApply);
    }

    /// <summary>Asks for subscriptions to begin and end; answered by <see cref="Applied"/> when they are in force.</summary>
    internal sealed record Apply(IReadOnlyList<RoutingChange> Changes);

    /// <summary>Every publisher that reads its next buffer sees the changes.</summary>
    internal sealed record Applied
    {
        internal static readonly Applied Instance = new();
    }

    /// <summary>The changes could not be applied because of a fault of the broker.</summary>
    internal sealed record Failed(string Cause);

    internal static Props Props(BrokerContext context) => Akka.Actor.Props.Create(() => new RouterActor(context));

    // Whoever asked is told also of a fault, or its connection would wait for the answer and never be read again.
    private void OnApply(Apply message)
    {
        try
        {
            ApplyAll(message);
        }
        catch (Exception fault)
        {
            Sender.Tell(new Failed(fault.Message));
            throw;
        }

        Sender.Tell(Applied.Instance);
    }

    private void ApplyAll(Apply message)
    {
        var snapshot = _table.Current;
        foreach (var change in message.Changes)
        {
            snapshot = change.Begins ? snapshot.With(change.Subscription) : snapshot.Without(change.Subscription);
            _interest.Apply(change);
        }

        _retained.Enforce(snapshot, message.Changes);
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

        _account.Settle(0);
    }
}
