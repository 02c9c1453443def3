using Akka.Actor;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Owner of one bound socket: it binds, accepts and passes connections on; they outlive it. Under a shortage of descriptors it pauses
/// instead of spinning. It looks after its path, because nobody is told when a socket file is removed.
/// </summary>
internal sealed class ListenerActor : ReceiveActor, IWithTimers
{
    private readonly BrokerContext _context;
    private readonly ListenerSettings _settings;
    private readonly IActorRef _connections;
    private UnixListener? _listener;

    public ListenerActor(BrokerContext context, ListenerSettings settings, IActorRef connections)
    {
        _context = context;
        _settings = settings;
        _connections = connections;
        Receive<UnixConnection>(connection =>
        {
            _connections.Tell(new ConnectionsActor.Accepted(connection, _settings));
            Accept();
        });
        Receive<Status.Failure>(OnAcceptFailed);
        Receive<Resume>(_ => Accept());
        Receive<Watchdog>(_ => LookAfterPath());
        Receive<Closed>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Tells the parent that the socket is bound.</summary>
    internal sealed record Listening(string Name, string Path);

    /// <summary>Tells the parent that the socket cannot be had.</summary>
    internal sealed record Failed(string Name, Exception Cause);

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
        Akka.Actor.Props.Create(() => new ListenerActor(context, settings, connections));

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

        Context.Parent.Tell(new Listening(_settings.Name, _listener.Path.ToString()));
        Timers.StartPeriodicTimer(nameof(Watchdog), Watchdog.Instance, _settings.CheckInterval);
        Accept();
    }

    protected override void PostStop() => _listener?.Dispose();

    private void Accept() => _listener!.AcceptAsync().PipeTo(Self, success: connection => connection is null ? Closed.Instance : connection);

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
