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
/// only it. It gives back the slot that the listener took for each and what each took of its user's share, closes the heaviest when the broker
/// holds more than its budget, and ends them all when the broker drains.
/// </summary>
internal sealed class ConnectionsActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan RefusalReportInterval = TimeSpan.FromSeconds(1);

    private readonly BrokerContext _context;
    private readonly IActorRef _router;
    private readonly Dictionary<IActorRef, ConnectionShare> _shares = [];
    private int _isOverBudgetTold;
    private int _refused;
    private IActorRef? _drainedTo;

    public ConnectionsActor(BrokerContext context, IActorRef router)
    {
        _context = context;
        _router = router;
        Receive<Accepted>(OnAccepted);
        Receive<Terminated>(OnTerminated);
        Receive<DrainAll>(OnDrainAll);
        Receive<OverBudget>(_ => OnOverBudget());
        Receive<ReportRefusals>(message => LogRefusals(message.Peer, message.Detail));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>A listener accepted a connection and took a slot for it; both belong to this actor from now on.</summary>
    internal sealed record Accepted(UnixConnection Connection, ListenerSettings Listener);

    /// <summary>Asks every connection to end; answered by <see cref="Drained"/> when none is left.</summary>
    internal sealed record DrainAll(Ending Ending);

    /// <summary>There are no connections any more.</summary>
    internal sealed record Drained
    {
        internal static readonly Drained Instance = new();
    }

    private sealed record OverBudget
    {
        internal static readonly OverBudget Instance = new();
    }

    private sealed record ReportRefusals(string Peer, string Detail);

    internal static Props Props(BrokerContext context, IActorRef router) => Akka.Actor.Props.Create(() => new ConnectionsActor(context, router));

    // Whoever enters bytes beyond the budget tells, once until it is dealt with.
    protected override void PreStart()
    {
        var self = Self;
        _context.Load.Exceeded = () =>
        {
            if (Interlocked.Exchange(ref _isOverBudgetTold, 1) == 0) self.Tell(OverBudget.Instance, ActorRefs.NoSender);
        };
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
    {
        _context.Logger.ActorFault(Sender.Path.ToStringWithoutAddress(), cause);
        return Directive.Stop;
    }, loggingEnabled: false);

    private void OnAccepted(Accepted message)
    {
        if (Admit(message.Connection.Peer.Uid, out var refusal) is not { } user)
        {
            Refusal.Send(message.Connection, message.Listener.Protocol, refusal!);
            _context.Budget.Release();
            NoteRefusal(PeerNames.Describe(message.Connection.Peer), refusal!);
            return;
        }

        var id = Guid.CreateVersion7();
        var share = new ConnectionShare(user);
        var connection = Context.ActorOf(ConnectionActor.Props(_context, message.Connection, message.Listener, _router, id, share), id.ToString());
        _shares.Add(Context.Watch(connection), share);
        _context.Logger.ConnectionAccepted(id, PeerNames.Describe(message.Connection.Peer), message.Listener.Name);
    }

    private UserShare? Admit(uint? uid, out Ending? refusal)
    {
        refusal = null;
        var load = _context.Load;
        if (_drainedTo is not null) refusal = new Ending(CloseReason.BrokerShutdown, "the broker is shutting down");
        else if (load.Memory.IsExceeded) refusal = new Ending(CloseReason.Overloaded, $"the broker holds {load.Memory.Bytes} bytes for its clients; at most {load.Memory.Bound} are allowed");
        else if (load.Users.TryConnect(uid) is { } share) return share;
        else refusal = new Ending(CloseReason.TooManyConnections, $"this user has {_context.Settings.Users.MaxConnections} connections, and more are not allowed");
        return null;
    }

    private void NoteRefusal(string peer, Ending refusal)
    {
        if (refusal.Reason == CloseReason.BrokerShutdown) return;
        _refused++;
        if (!Timers.IsTimerActive(nameof(ReportRefusals))) LogRefusals(peer, refusal.Message);
    }

    // The first at once, the rest of a second together, naming the peer that began it.
    private void LogRefusals(string peer, string detail)
    {
        if (_refused == 0) return;
        _context.Logger.ConnectionsOverLimit(_refused, peer, detail);
        _refused = 0;
        Timers.StartSingleTimer(nameof(ReportRefusals), new ReportRefusals(peer, detail), RefusalReportInterval);
    }

    private void OnOverBudget()
    {
        Interlocked.Exchange(ref _isOverBudgetTold, 0);
        var memory = _context.Load.Memory;
        foreach (var load in Shedding.Choose(_shares, memory.Bytes, memory.Bound))
        {
            load.Connection.Tell(new Ending(
                CloseReason.Overloaded,
                $"the broker held more than the {memory.Bound} bytes of udsbroker.memory.budget for its clients, and {load.Bytes} for this one, the most of its user's"));
        }
    }

    private void OnTerminated(Terminated message)
    {
        if (_shares.Remove(message.ActorRef, out var share)) _context.Load.Users.Return(share.User);
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
