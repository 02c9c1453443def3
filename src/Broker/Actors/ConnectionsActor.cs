using Akka.Actor;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;
using Directive = Akka.Actor.Directive;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Parent of all connections. It never restarts one: a connection that faults has lost its place in the byte stream, so it ends, and
/// only it. It gives back the slot that the listener took for each, and ends them all when the broker drains.
/// </summary>
internal sealed class ConnectionsActor : ReceiveActor
{
    private readonly BrokerContext _context;
    private readonly IActorRef _router;
    private IActorRef? _drainedTo;

    public ConnectionsActor(BrokerContext context, IActorRef router)
    {
        _context = context;
        _router = router;
        Receive<Accepted>(OnAccepted);
        Receive<Terminated>(OnTerminated);
        Receive<DrainAll>(OnDrainAll);
    }

    /// <summary>A listener accepted a connection and took a slot for it; both belong to this actor from now on.</summary>
    internal sealed record Accepted(UnixConnection Connection, ListenerSettings Listener);

    /// <summary>Asks every connection to end; answered by <see cref="Drained"/> when none is left.</summary>
    internal sealed record DrainAll(Ending Ending);

    /// <summary>There are no connections any more.</summary>
    internal sealed record Drained
    {
        internal static readonly Drained Instance = new();
    }

    internal static Props Props(BrokerContext context, IActorRef router) => Akka.Actor.Props.Create(() => new ConnectionsActor(context, router));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
    {
        _context.Logger.ActorFault(Sender.Path.ToStringWithoutAddress(), cause);
        return Directive.Stop;
    }, loggingEnabled: false);

    private void OnAccepted(Accepted message)
    {
        if (_drainedTo is not null)
        {
            Refusal.Send(message.Connection, message.Listener.Protocol, new Ending(CloseReason.BrokerShutdown, "the broker is shutting down"));
            _context.Budget.Release();
            return;
        }

        var id = Guid.CreateVersion7();
        Context.Watch(Context.ActorOf(ConnectionActor.Props(_context, message.Connection, message.Listener, _router, id), id.ToString()));
        _context.Logger.ConnectionAccepted(id, PeerNames.Describe(message.Connection.Peer), message.Listener.Name);
    }

    private void OnTerminated(Terminated message)
    {
        _context.Budget.Release();
        ReportDrained();
    }

    private void OnDrainAll(DrainAll message)
    {
        _drainedTo = Sender;
        foreach (var connection in Context.GetChildren()) connection.Tell(new ConnectionActor.Drain(message.Ending));
        ReportDrained();
    }

    private void ReportDrained()
    {
        if (_drainedTo is not null && !Context.GetChildren().Any()) _drainedTo.Tell(Drained.Instance);
    }
}
