using System.Diagnostics;
using Akka.Actor;
using Akka.Streams;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Streams;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// One accepted connection, named by its identity: its life, from state to state. It owns what the connection is made of, which stops with it, and it is
/// the one door through which the connection ends.
/// </summary>
/// <remarks>
/// Greeting: waits for HELLO, and then for the router and the system actor to know the client. Serving: control frames and keep-alive.
/// Draining: GOODBYE is on its way behind what was queued, bounded by the grace period. A listener of raw bytes begins in Serving and has no session.
/// </remarks>
internal sealed class ConnectionActor : ReceiveActor, IWithTimers
{
    private readonly BrokerContext _context;
    private readonly UnixConnection _connection;
    private readonly bool _isRaw;
    private readonly PeerAccess _access;
    private readonly BrokerActors _actors;
    private readonly ConnectionCore _core;
    private readonly Session _session;
    private readonly ControlTurn _control = new();
    private readonly IdleWatch _idle = new();
    private readonly KeepAlive _keepAlive;
    private Presence? _presence;
    private Ending? _ending;
    private long _helloAwaited;
    private TickPace _keepAlivePace;
    private TickPace _idlePace;

    public ConnectionActor(
        BrokerContext context, UnixConnection connection, ListenerSettings listener, PeerAccess access, BrokerActors actors, Guid id, ConnectionShare share)
    {
        _context = context;
        _connection = connection;
        _isRaw = listener.Protocol != ListenerProtocol.Udsb;
        _access = access;
        _actors = actors;
        _core = new ConnectionCore(context, connection, listener, access, id, share, new ConnectionEvents(Self, connection));
        _session = _core.Session;
        _keepAlive = new KeepAlive(context.Settings.KeepAlive);
        if (_isRaw) Serving();
        else Greeting();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Asks for an end after everything queued was sent: the broker shuts down, or its operator closes this connection.</summary>
    internal sealed record Drain(Ending Ending);

    internal sealed record ControlArrived(ControlFrames Frames, Action Handled);

    internal sealed record SubscriptionEnded(Subscription Subscription);

    internal sealed record InputEnded
    {
        internal static readonly InputEnded Instance = new();
    }

    internal sealed record AllSent
    {
        internal static readonly AllSent Instance = new();
    }

    private sealed record HandshakeTimedOut
    {
        internal static readonly HandshakeTimedOut Instance = new();
    }

    private sealed record KeepAliveTick
    {
        internal static readonly KeepAliveTick Instance = new();
    }

    private sealed record IdleTick
    {
        internal static readonly IdleTick Instance = new();
    }

    private sealed record GraceEnded
    {
        internal static readonly GraceEnded Instance = new();
    }

    internal static Props Props(
        BrokerContext context, UnixConnection connection, ListenerSettings listener, PeerAccess access, BrokerActors actors, Guid id, ConnectionShare share) =>
        Akka.Actor.Props.Create(() => new ConnectionActor(context, connection, listener, access, actors, id, share));

    protected override void PreStart()
    {
        _core.Streams().Run(Context.Materializer());
        if (!_isRaw) AwaitHello();
    }

    // The streams have stopped by now, so whatever the client sent was routed before its end is told.
    protected override void PostStop()
    {
        var ending = _ending ?? new Ending(CloseReason.Fault, "the connection's actor was stopped by a fault");
        if (_core.End() is { Count: > 0 } changes) _actors.Router.Tell(new RouterActor.Apply(changes), ActorRefs.NoSender);
        if (_presence is not null) _actors.System.Tell(new SystemActor.Left(_presence, _access, ending, _session.Will), ActorRefs.NoSender);
        _core.Record.End(ending);
        _connection.Dispose();
    }

    // Waits for HELLO, for the router to know the connection's inbox, and for the news of the client to be published: it is welcomed then.
    private void Greeting()
    {
        Control();
        Receive<RouterActor.Applied>(_ =>
        {
            _presence = _core.Record.ToPresence(_session.Hello!);
            _actors.System.Tell(new SystemActor.Arrived(_presence));
        });
        Receive<SystemActor.Announced>(_ =>
        {
            Timers.Cancel(nameof(HandshakeTimedOut));
            Timers.StartPeriodicTimer(nameof(KeepAliveTick), KeepAliveTick.Instance, _context.Settings.KeepAlive.PingInterval);
            _keepAlivePace.Begin(Stopwatch.GetTimestamp());
            _idlePace.Begin(Stopwatch.GetTimestamp());
            if (_context.Settings.Connections.IdleTimeout is { Ticks: > 0 } idle)
                Timers.StartPeriodicTimer(nameof(IdleTick), IdleTick.Instance, idle / IdleWatch.Looks);
            Become(Serving);
            Applied();
        });
        Receive<HandshakeTimedOut>(_ => OnHandshakeTimedOut());
        Ends();
    }

    // Control frames come in batches; the router has applied one, and what it asked is answered, before the next is read.
    private void Serving()
    {
        Control();
        Receive<RouterActor.Applied>(_ => Applied());
        Receive<BrokerAnswer>(answer =>
        {
            _session.Answer(answer);
            _control.Settle();
        });
        Receive<SubscriptionEnded>(message =>
        {
            _session.Ended(message.Subscription);
            _actors.Router.Tell(new RouterActor.Apply(_session.TakeChanges()), ActorRefs.NoSender);
        });
        Receive<KeepAliveTick>(_ => OnKeepAliveTick());
        Receive<IdleTick>(
            _ => End(Endings.Idle(_context.Settings.Connections.IdleTimeout)), _ => IsIdle(_context.Settings.Connections.IdleTimeout / IdleWatch.Looks));
        Receive<IdleTick>(_ => { });
        Ends();
    }

    // GOODBYE leaves behind everything that was queued; then, or when the grace period is over, the connection closes. That the peer sends no
    // more is no reason: it may have shut down its side behind its own GOODBYE and still read. Only a failing send says that it is gone.
    private void Draining()
    {
        Receive<AllSent>(_ => Context.Stop(Self));
        Receive<GraceEnded>(_ => Context.Stop(Self));
        Receive<Ending>(ending => Context.Stop(Self), ending => ending.Reason is CloseReason.PeerGone or CloseReason.TransportError);
        ReceiveAny(_ => { });
    }

    private void Control() => Receive<ControlArrived>(message =>
    {
        _control.Begin(message.Handled);
        foreach (var (kind, bytes) in message.Frames.Frames) _session.Handle(kind, bytes);
        if (_session.TakeChanges() is { Count: > 0 } changes)
        {
            _control.Await();
            _actors.Router.Tell(new RouterActor.Apply(changes), Self);
        }
        else AskBroker();

        _core.SettleLeftovers();
        _control.Settle();
        if (_session.Ending is { } ending) End(ending);
    });

    private void Ends()
    {
        Receive<Ending>(End);
        Receive<InputEnded>(_ => End(Endings.PeerGone));
        Receive<ConnectionsActor.AccessChanged>(_ => ApplyAccess());
        Receive<RouterActor.Failed>(message => End(new Ending(CloseReason.Fault, message.Cause)));
        Receive<Drain>(message => End(message.Ending));
    }

    private void ApplyAccess()
    {
        if (_access.Rules.Connect is { IsAllowed: false } denial)
        {
            End(new Ending(CloseReason.NotAllowed, _access.Deny(AccessVerbs.Connect, [], denial)));
            return;
        }

        _session.ApplyAccess();
        _core.SettleLeftovers();
        if (_session.TakeChanges() is { Count: > 0 } changes) _actors.Router.Tell(new RouterActor.Apply(changes), ActorRefs.NoSender);
    }

    private void Applied()
    {
        _session.Confirm();
        AskBroker();
        _control.Settle();
    }

    // What was asked behind a SUBSCRIBE may lead to messages for it, so it waits until that is in force.
    private void AskBroker()
    {
        foreach (var request in _session.TakeRequests())
        {
            _control.Await();
            _actors.System.Tell(new SystemActor.Ask(request, _core.Record.Peer), Self);
        }
    }

    private void End(Ending ending)
    {
        _ending = ending;
        if (ending.Reason is CloseReason.PeerGone or CloseReason.TransportError || _isRaw)
        {
            Context.Stop(Self);
            return;
        }

        Timers.CancelAll();
        var grace = ending.Reason == CloseReason.Overloaded ? _context.Settings.Memory.ShedGracePeriod : _context.Settings.Shutdown.GracePeriod;
        Timers.StartSingleTimer(nameof(GraceEnded), GraceEnded.Instance, grace);
        Become(Draining);
        _core.SayGoodbye(ending);
    }

    private bool IsIdle(TimeSpan interval) =>
        _idlePace.IsTick(Stopwatch.GetTimestamp(), interval, out _) && _idle.Look(_core.Inbound.Work + _core.Outbox.RunsDelivered);

    private void AwaitHello()
    {
        _helloAwaited = Stopwatch.GetTimestamp();
        Timers.StartSingleTimer(nameof(HandshakeTimedOut), HandshakeTimedOut.Instance, _context.Settings.Connections.HandshakeTimeout);
    }

    // Whose HELLO has come waits for the broker. A timer that is late by as much again says that the broker did not run, so it cannot have read the HELLO
    // either: the peer gets its time once more.
    private void OnHandshakeTimedOut()
    {
        var timeout = _context.Settings.Connections.HandshakeTimeout;
        if (_session.Hello is not null) return;
        if (Stopwatch.GetElapsedTime(_helloAwaited) > timeout * 2) AwaitHello();
        else End(new Ending(CloseReason.HandshakeTimeout, $"no HELLO within {timeout.TotalSeconds} s"));
    }

    private void OnKeepAliveTick()
    {
        var settings = _context.Settings.KeepAlive;
        if (!_keepAlivePace.IsTick(Stopwatch.GetTimestamp(), settings.PingInterval, out var elapsed)) return;
        switch (_keepAlive.Tick(_core.Inbound.Activity, _core.IsHeldBack, elapsed))
        {
            case KeepAliveStep.Close:
                End(new Ending(CloseReason.Stale, $"{settings.StaleAfter} pings in a row were not answered within {settings.PingInterval.TotalSeconds} s each"));
                break;
            case KeepAliveStep.SendPing:
                _core.SendPing((ulong)_keepAlive.Unanswered);
                break;
        }
    }
}
