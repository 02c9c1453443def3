using System.Diagnostics;
using Akka.Actor;
using Akka.Streams;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Streams;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;
using Directive = Akka.Actor.Directive;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Parent of all connections. It never restarts one: a connection that faults has lost its place in the byte stream, so it ends, and
/// only it. It returns each connection's descriptor slot and user quota, closes the heaviest connections when the broker holds more than
/// its budget, kicks one at an operator's request, and closes all when the broker drains.
/// </summary>
internal sealed class ConnectionsActor : ReceiveActor, IWithTimers
{
    /// <summary>How often connections that are being shed are checked while more than the budget is held.</summary>
    private static readonly TimeSpan ShedCheckInterval = TimeSpan.FromMilliseconds(50);

    private readonly BrokerContext _context;
    private readonly BrokerActors _actors;
    private readonly Dictionary<IActorRef, ConnectionShare> _shares = [];
    private readonly Pulse _keepAlive;
    private readonly Pulse _idle;
    private readonly LogBurst _refusals;
    private ActorMaterializer _materializer = null!;
    private int _isOverBudgetTold;
    private DrainAll? _drain;
    private IActorRef _drainedTo = ActorRefs.Nobody;
    private GoodbyeSchedule<IActorRef>? _goodbyes;
    private long _drainStart;

    public ConnectionsActor(BrokerContext context, BrokerActors actors)
    {
        _context = context;
        _actors = actors;
        _refusals = new LogBurst(context.Logger.ConnectionsOverLimit);
        _keepAlive = new Pulse(context.Settings.KeepAlive.PingInterval, ConnectionActor.KeepAliveTick.Instance);
        _idle = new Pulse(context.Settings.Connections.IdleTimeout / IdleWatch.Checks, ConnectionActor.IdleTick.Instance);
        Receive<Accepted>(OnAccepted);
        Receive<Terminated>(OnTerminated);
        Receive<Kick>(OnKick);
        Receive<AccessChanged>(OnAccessChanged);
        Receive<DrainAll>(OnDrainAll);
        Receive<GoodbyeStep>(_ => SayGoodbyes());
        Receive<OverBudget>(_ => OnOverBudget());
        Receive<ShedCheck>(_ => OnShedCheck());
        Receive<Pulse>(pulse => pulse.Beat(_shares.Keys));
        Receive<LogBurst>(burst => burst.Report(Timers));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>A listener accepted a connection and took a slot for it; both belong to this actor from now on.</summary>
    internal sealed record Accepted(UnixConnection Connection, ListenerSettings Listener, PeerAccess Access);

    /// <summary>Tells every connection that other access rules are in force.</summary>
    internal sealed record AccessChanged
    {
        internal static readonly AccessChanged Instance = new();
    }

    /// <summary>Closes one connection at an operator's request; the sender gets the <see cref="BrokerAnswer"/>.</summary>
    internal sealed record Kick(BrokerRequest Request, Guid Id, Ending Ending);

    /// <summary>
    /// Asks every connection to end, spread over the period; answered by <see cref="Drained"/> when none is left. A later one replaces it.
    /// </summary>
    internal sealed record DrainAll(Ending Ending, TimeSpan Period);

    /// <summary>There are no connections any more.</summary>
    internal sealed record Drained
    {
        internal static readonly Drained Instance = new();
    }

    private sealed record OverBudget
    {
        internal static readonly OverBudget Instance = new();
    }

    private sealed record ShedCheck
    {
        internal static readonly ShedCheck Instance = new();
    }

    private sealed record GoodbyeStep
    {
        internal static readonly GoodbyeStep Instance = new();
    }

    internal static Props Props(BrokerContext context, BrokerActors actors) => Akka.Actor.Props.Create(() => new ConnectionsActor(context, actors)).WithDispatcher(InPlaceExecutor.Dispatcher);

    // One materializer runs the streams of all connections: a supervisor for each would double what an idle connection costs. The thread
    // that charges bytes beyond the budget tells this actor, once until it has reacted.
    protected override void PreStart()
    {
        _materializer = Context.Materializer();
        Context.Watch(_materializer.Supervisor);
        Timers.StartPeriodicTimer(nameof(_keepAlive), _keepAlive, _keepAlive.Step);
        if (_context.Settings.Connections.IdleTimeout > TimeSpan.Zero) Timers.StartPeriodicTimer(nameof(_idle), _idle, _idle.Step);
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
            Refusal.Send(message.Connection, message.Listener.Protocol, refusal!, _context.Traffic);
            _context.Budget.Release();
            if (refusal != _drain?.Ending) _refusals.Add(Timers, $"{message.Connection.Peer}: {refusal!.Message}");
            return;
        }

        _context.Traffic.ConnectionAccepted();
        var id = Guid.CreateVersion7();
        var share = new ConnectionShare(user);
        var props = ConnectionActor.Props(_context, _actors, _materializer, new AdmittedConnection(id, message.Connection, message.Listener, message.Access, share));
        var connection = Context.ActorOf(props, id.ToString());
        _shares.Add(Context.Watch(connection), share);
        if (!message.Access.Rules.Connect.IsAllowed) connection.Tell(AccessChanged.Instance); // changed while it was on its way
        _context.Logger.ConnectionAccepted(id, message.Connection.Peer.ToString(), message.Listener.Name);
    }

    private UserShare? Admit(uint? uid, out Ending? refusal)
    {
        refusal = null;
        var load = _context.Load;
        if (_drain is not null)
            refusal = _drain.Ending;
        else if (load.Users.TryConnect(uid) is not { } share)
            refusal = new Ending(CloseReason.TooManyConnections, $"this user has {load.Users.Limits.MaxConnections} connections, and more are not allowed (udsbroker.users.max-connections)");
        else if (load.FindShortage(share) is { } shortage)
        {
            load.Users.Return(share);
            load.Traffic.Hit(Limit.MemoryBudget);
            refusal = new Ending(CloseReason.Overloaded, shortage);
        }
        else return share;
        return null;
    }

    private void OnOverBudget()
    {
        Interlocked.Exchange(ref _isOverBudgetTold, 0);
        var memory = _context.Load.Memory;
        if (!memory.IsExceeded) return; // who reads before this look is not too heavy any more
        foreach (var load in Shedding.Choose(_shares, memory.Bytes, _context.Load.AdmissionLimit))
        {
            _context.Traffic.Hit(Limit.MemoryBudget);
            load.Connection.Tell(new Ending(
                CloseReason.Overloaded,
                $"the broker held more than the {memory.Bound} bytes of udsbroker.memory.budget for its clients, and {load.Bytes} for this one, the most of its user's"));
        }

        if (!Timers.IsTimerActive(nameof(ShedCheck))) Timers.StartSingleTimer(nameof(ShedCheck), ShedCheck.Instance, ShedCheckInterval);
    }

    private void OnShedCheck()
    {
        var memory = _context.Load.Memory;
        var limit = _context.Load.AdmissionLimit;
        foreach (var load in Shedding.ChooseOverdue(_shares, memory.Bytes, limit)) load.Connection.Tell(ConnectionActor.CloseIfStuck.Instance);
        if (memory.IsExceeded || (memory.Bytes > limit && _shares.Values.Any(share => share.IsShed))) Timers.StartSingleTimer(nameof(ShedCheck), ShedCheck.Instance, ShedCheckInterval);
    }

    private void OnTerminated(Terminated message)
    {
        if (!_shares.Remove(message.ActorRef, out var share))
            throw new InvalidOperationException($"{message.ActorRef.Path.Name}, which runs the streams of all connections, has stopped");
        _context.Load.Users.Return(share.User);
        _context.Budget.Release();
        ReportDrained();
    }

    private void OnAccessChanged(AccessChanged message)
    {
        foreach (var connection in _shares.Keys) connection.Tell(message);
    }

    private void OnKick(Kick message)
    {
        var connection = Context.Child(message.Id.ToString());
        if (connection.Equals(ActorRefs.Nobody))
        {
            Sender.Tell(BrokerAnswer.Failed(message.Request, BrokerAnswer.NotFound, $"there is no connection {message.Id}"));
            return;
        }

        // The answer first, so that a client that kicks itself gets it as well.
        Sender.Tell(BrokerAnswer.Done(message.Request, "{}"u8.ToArray()));
        connection.Tell(new ConnectionActor.Drain(message.Ending));
    }

    private void OnDrainAll(DrainAll message)
    {
        _drain = message;
        _drainedTo = Sender;
        _drainStart = Stopwatch.GetTimestamp();
        _goodbyes = new GoodbyeSchedule<IActorRef>([.. _shares.Keys], message.Period);
        Timers.StartPeriodicTimer(nameof(GoodbyeStep), GoodbyeStep.Instance, _goodbyes.Step);
        SayGoodbyes();
        ReportDrained();
    }

    // A connection that has ended in the meantime counts as told.
    private void SayGoodbyes()
    {
        foreach (var connection in _goodbyes!.Due(Stopwatch.GetElapsedTime(_drainStart))) connection.Tell(new ConnectionActor.Drain(_drain!.Ending));
        if (_goodbyes.IsOver) Timers.Cancel(nameof(GoodbyeStep));
    }

    private void ReportDrained()
    {
        if (_drain is not null && _shares.Count == 0) _drainedTo.Tell(Drained.Instance);
    }
}
