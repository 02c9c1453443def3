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
/// instead of spinning. It looks after its path, because nobody is told when a socket file is removed.
/// </summary>
/// <remarks>
/// A slot of the descriptor budget is taken for each connection before the next is accepted; without one the connection is turned away here,
/// so a flood can never have more than one descriptor beyond the budget. Of a flood the log tells once a second.
/// </remarks>
internal sealed class ListenerActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan RefusalReportInterval = TimeSpan.FromSeconds(1);

    private readonly BrokerContext _context;
    private readonly ListenerSettings _settings;
    private readonly IActorRef _connections;
    private UnixListener? _listener;
    private Action _arrived = () => { };
    private (PeerCredentials Peer, PeerAccess Access)? _last;
    private int _refused;
    private SecondWindow _accepted;

    public ListenerActor(BrokerContext context, ListenerSettings settings, IActorRef connections)
    {
        _context = context;
        _settings = settings;
        _connections = connections;
        Receive<Arrival>(OnArrival);
        Receive<UnixConnection>(OnAccepted);
        Receive<Status.Failure>(OnAcceptFailed);
        Receive<Resume>(_ => Accept());
        Receive<ReportRefusals>(message => LogRefusals(message.Peer));
        Receive<Watchdog>(_ => LookAfterPath());
        Receive<Closed>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Tells the parent that the socket is bound.</summary>
    internal sealed record Listening(string Name, string Path);

    /// <summary>Tells the parent that the socket cannot be had.</summary>
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

    private sealed record ReportRefusals(string Peer);

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

    // What is left of a second with its share is waited out with the clients in the backlog.
    private void Accept()
    {
        var pause = _settings.AcceptRate == 0 ? TimeSpan.Zero : _accepted.WaitFor(_settings.AcceptRate, _context.Clock.Milliseconds);
        if (pause == TimeSpan.Zero) _listener!.UntilAcceptable(_arrived);
        else Timers.StartSingleTimer(nameof(Resume), Resume.Instance, pause);
    }

    // That a connection waits was news; another process may have been faster, or its client have gone.
    private void OnArrival(Arrival message)
    {
        if (message.Listener != _listener) return;
        var accept = _listener.AcceptAsync();
        if (accept is { IsCompletedSuccessfully: true, Result: { } connection }) OnAccepted(connection);
        else accept.PipeTo(Self, success: connection => connection is null ? Closed.Instance : connection);
    }

    private void OnAccepted(UnixConnection connection)
    {
        _accepted.Take(_context.Clock.Milliseconds);
        var access = AccessOf(connection.Peer);
        if (access.Rules.Connect is { IsAllowed: false } denial)
            Refusal.Send(connection, _settings.Protocol, new Ending(CloseReason.NotAllowed, access.Deny(AccessVerbs.Connect, [], denial)), _context.Traffic);
        else if (_context.Budget.TryAcquire())
            _connections.Tell(new ConnectionsActor.Accepted(connection, _settings, access));
        else
            Refuse(connection);
        Accept();
    }

    // No rule can tell two processes of one user and program apart, so they share what the rules say of them.
    private PeerAccess AccessOf(PeerCredentials peer)
    {
        if (_last is not { } last || !peer.IsSameExceptProcess(last.Peer)) _last = (peer, _context.Access.For(AccessPeers.Of(peer)));
        return _last.Value.Access;
    }

    private void Refuse(UnixConnection connection)
    {
        var budget = _context.Budget;
        var ending = new Ending(
            CloseReason.TooManyConnections, $"the broker has {budget.Used} connections; at most {budget.Capacity} are allowed");
        Refusal.Send(connection, _settings.Protocol, ending, _context.Traffic);
        _refused++;
        if (!Timers.IsTimerActive(nameof(ReportRefusals)))
            LogRefusals(connection.Peer.ToString());
    }

    // The first at once, the rest of a second together, naming the peer that began it.
    private void LogRefusals(string peer)
    {
        if (_refused == 0) return;
        _context.Logger.ConnectionsRefused(_settings.Name, _context.Budget.Capacity, _refused, peer);
        _refused = 0;
        Timers.StartSingleTimer(nameof(ReportRefusals), new ReportRefusals(peer), RefusalReportInterval);
    }

    private void OnAcceptFailed(Status.Failure failure)
    {
        if (failure.Cause is not AcceptException { Trouble: AcceptTrouble.BackOff }) throw new ListenerException(_settings.Name, failure.Cause);
        _context.Logger.ListenerPaused(_settings.Name, _settings.AcceptPause, failure.Cause.Message);
        Timers.StartSingleTimer(nameof(Resume), Resume.Instance, _settings.AcceptPause);
    }

    private void LookAfterPath()
    {
        if (_listener!.IsStillOurs()) return;
        _context.Logger.ListenerLost(_settings.Name, _settings.Path);
        throw new ListenerLostException($"{_settings.Path} is no longer the socket of this broker");
    }
}
