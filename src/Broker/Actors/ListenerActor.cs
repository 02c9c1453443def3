using Akka.Actor;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Streams;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Owner of one bound socket: it binds, accepts and passes connections on; they outlive it. Under a shortage of descriptors it pauses
/// instead of spinning. It checks its path regularly, because the kernel does not report that a socket file was removed.
/// </summary>
/// <remarks>
/// It takes a slot of the descriptor budget for each connection before it accepts the next one, and refuses the connection when there is
/// none, so a flood can never hold more than one descriptor beyond the budget. A flood is logged once a second.
/// </remarks>
internal sealed class ListenerActor : ReceiveActor, IWithTimers
{
    private readonly BrokerContext _context;
    private readonly ListenerSettings _settings;
    private readonly IActorRef _connections;
    private readonly LogBurst _full;
    private readonly LogBurst _overRate;
    private UnixListener? _listener;
    private Action _arrived = () => { };
    private (PeerCredentials Peer, PeerAccess Access)? _last;
    private SecondWindow _accepted;

    public ListenerActor(BrokerContext context, ListenerSettings settings, IActorRef connections)
    {
        _context = context;
        _settings = settings;
        _connections = connections;
        _full = new LogBurst((count, first) => context.Logger.ConnectionsRefused(settings.Name, context.Budget.Capacity, count, first));
        _overRate = new LogBurst(context.Logger.ConnectionsOverLimit);
        Receive<Arrival>(OnArrival);
        Receive<UnixConnection>(OnAccepted);
        Receive<Status.Failure>(OnAcceptFailed);
        Receive<Resume>(_ => Accept());
        Receive<LogBurst>(burst => burst.Report(Timers));
        Receive<Watchdog>(_ => CheckPath());
        Receive<Closed>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Tells the parent that the socket is bound.</summary>
    internal sealed record Listening(string Name, string Path);

    /// <summary>Tells the parent that the socket cannot be bound.</summary>
    internal sealed record Failed(string Name, Exception Cause);

    /// <summary>A connection waits to be accepted from this listener, which may be one from before a restart.</summary>
    private sealed record Arrival(UnixListener Listener);

    private sealed record Resume
    {
        internal static readonly Resume Instance = new();
    }

    private sealed record Watchdog
    {
        internal static readonly Watchdog Instance = new();
    }

    private sealed record Closed
    {
        internal static readonly Closed Instance = new();
    }

    internal static Props Props(BrokerContext context, ListenerSettings settings, IActorRef connections) =>
        Akka.Actor.Props.Create(() => new ListenerActor(context, settings, connections)).WithDispatcher(InPlaceExecutor.Dispatcher);

    protected override void PreStart()
    {
        try
        {
            _listener = UnixListener.Open(_settings.Path, _settings.SocketOptions);
        }
        catch (Exception e) when (e is SocketFileException or IOException or UnauthorizedAccessException)
        {
            Context.Parent.Tell(new Failed(_settings.Name, e));
            return;
        }

        var (self, arrival) = (Self, new Arrival(_listener));
        _arrived = () => self.Tell(arrival, ActorRefs.NoSender);
        if (_settings.Type != UnixSocketType.Stream && _listener.MaxPacket < _settings.MaxPacket)
            _context.Logger.PacketsSmaller(_settings.Name, _listener.MaxPacket, _settings.MaxPacket);
        Context.Parent.Tell(new Listening(_settings.Name, _listener.Path.ToString()));
        Timers.StartPeriodicTimer(nameof(Watchdog), Watchdog.Instance, _settings.CheckInterval);
        Accept();
    }

    protected override void PostStop() => _listener?.Dispose();

    // When the accept rate of this second is used up, clients wait in the backlog until the next.
    private void Accept()
    {
        var pause = _settings.AcceptRate == 0 ? TimeSpan.Zero : _accepted.WaitFor(_settings.AcceptRate, _context.Clock.Milliseconds);
        if (pause == TimeSpan.Zero)
        {
            _listener!.UntilAcceptable(_arrived);
            return;
        }

        _context.Traffic.Hit(Limit.ListenerAcceptRate);
        Timers.StartSingleTimer(nameof(Resume), Resume.Instance, pause);
    }

    // A connection was waiting when this was sent; by now another process may have accepted it, or its client may be gone.
    private void OnArrival(Arrival message)
    {
        if (message.Listener != _listener) return;
        var accept = _listener.AcceptAsync();
        if (accept is { IsCompletedSuccessfully: true, Result: { } connection }) OnAccepted(connection);
        else accept.PipeTo(Self, success: connection => connection is null ? Closed.Instance : connection);
    }

    // Connections that are refused by the access rules or the user's connect rate do not count against the listener's accept rate.
    private void OnAccepted(UnixConnection connection)
    {
        var access = AccessOf(connection.Peer);
        if (access.Rules.Connect is { IsAllowed: false } denial)
            Refusal.Send(connection, _settings.Protocol, new Ending(CloseReason.NotAllowed, access.Deny(AccessVerbs.Connect, [], denial)), _context.Traffic);
        else if (!_context.Load.Users.TryArrive(connection.Peer.Uid))
            RefuseForRate(connection);
        else
        {
            _accepted.Take(_context.Clock.Milliseconds);
            Admit(connection, access);
        }

        Accept();
    }

    private void Admit(UnixConnection connection, PeerAccess access)
    {
        if (_context.Budget.TryAcquire()) _connections.Tell(new ConnectionsActor.Accepted(connection, _settings, access));
        else RefuseForBudget(connection);
    }

    // No rule can tell two processes of one user and program apart, so they share one set of rules.
    private PeerAccess AccessOf(PeerCredentials peer)
    {
        if (_last is not { } last || !peer.IsSameExceptProcess(last.Peer)) _last = (peer, _context.Access.For(AccessPeers.Of(peer)));
        return _last.Value.Access;
    }

    private void RefuseForBudget(UnixConnection connection)
    {
        var budget = _context.Budget;
        var problem = $"the broker has {budget.Used} connections; at most {budget.Capacity} are allowed (udsbroker.connections.max, or the limit of descriptors)";
        _context.Traffic.Hit(Limit.ConnectionsMax);
        Refusal.Send(connection, _settings.Protocol, new Ending(CloseReason.TooManyConnections, problem), _context.Traffic);
        _full.Add(Timers, connection.Peer.ToString());
    }

    private void RefuseForRate(UnixConnection connection)
    {
        var most = _context.Load.Users.Limits.MaxConnectsPerSecond;
        var problem = $"this user has connected {most} times within a second, and more are not allowed (udsbroker.users.connect-rate)";
        Refusal.Send(connection, _settings.Protocol, new Ending(CloseReason.TooManyConnections, problem), _context.Traffic);
        _overRate.Add(Timers, $"{connection.Peer}: {problem}");
    }

    private void OnAcceptFailed(Status.Failure failure)
    {
        if (failure.Cause is not AcceptException { Failure: AcceptFailure.BackOff }) throw new ListenerException(_settings.Name, failure.Cause);
        _context.Traffic.Hit(Limit.ListenerAcceptPause);
        _context.Logger.ListenerPaused(_settings.Name, _settings.AcceptPause, failure.Cause.Message);
        Timers.StartSingleTimer(nameof(Resume), Resume.Instance, _settings.AcceptPause);
    }

    private void CheckPath()
    {
        if (_listener!.IsStillOurs()) return;
        _context.Logger.ListenerLost(_settings.Name, _settings.Path);
        throw new ListenerLostException($"{_settings.Path} is no longer the socket of this broker");
    }
}
