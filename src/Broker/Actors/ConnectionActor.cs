using System.Buffers;
using System.Diagnostics;
using System.Text;
using Akka.Actor;
using Akka.Streams;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Streams;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// One accepted connection, named by its identity. It owns the socket, the streams, which stop with it, and the session, and it is
/// the one door through which the connection ends.
/// </summary>
/// <remarks>
/// Greeting: waits for HELLO. Serving: control frames and keep-alive. Draining: GOODBYE is on its way behind what was queued, bounded by the
/// grace period. A listener of raw bytes begins in Serving and has no session.
/// </remarks>
internal sealed class ConnectionActor : ReceiveActor, IWithTimers
{
    private readonly BrokerContext _context;
    private readonly UnixConnection _connection;
    private readonly ListenerSettings _listener;
    private readonly IActorRef _router;
    private readonly Guid _id;
    private readonly ConnectionEvents _events;
    private readonly Outbox _outbox;
    private readonly InboundRouter _inbound;
    private readonly Session _session;
    private readonly ReceiveBounds _bounds;
    private readonly IdleWatch _idle = new();
    private Action? _handled;
    private Ending? _ending;
    private long _lastActivity;
    private long _lastTick;
    private int _unanswered;

    public ConnectionActor(BrokerContext context, UnixConnection connection, ListenerSettings listener, IActorRef router, Guid id, ConnectionShare share)
    {
        _context = context;
        _connection = connection;
        _listener = listener;
        _router = router;
        _id = id;
        _events = new ConnectionEvents(Self);
        _bounds = context.Load.BoundsOf(share);
        var isByPackets = connection.MaxPacket != 0;
        var limits = isByPackets ? context.OutboxLimits with { MaxPacket = connection.MaxPacket } : context.OutboxLimits;
        _outbox = new Outbox(limits, context.Pool, context.Clock, new OutboundSocket(connection), _events, context.Traffic, share);
        _inbound = new InboundRouter(context.Table, new PublisherAccount(id, context.Traffic), _outbox, context.Settings.Limits) { IsByPackets = isByPackets };
        var subscriptions = context.Settings.Subscriptions;
        var bound = new PendingBound(subscriptions.MaxPendingBytes, subscriptions.MaxPendingMessages);
        _session = new Session(new SessionContext(id, context.Settings.Limits, Welcome(), bound) { User = share.User }, _outbox);
        if (listener.Protocol == ListenerProtocol.Udsb) Greeting();
        else Serving();
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

    internal static Props Props(BrokerContext context, UnixConnection connection, ListenerSettings listener, IActorRef router, Guid id, ConnectionShare share) =>
        Akka.Actor.Props.Create(() => new ConnectionActor(context, connection, listener, router, id, share));

    protected override void PreStart()
    {
        var settings = _context.Settings;
        var pool = _connection.MaxPacket == 0 ? _context.Pool : _context.PacketPool;
        var streams = _listener.Protocol switch
        {
            ListenerProtocol.Udsb => ConnectionStreams.Udsb(_connection, pool, _bounds, _inbound, _outbox, _events.Writer, settings.Subscriptions.StallTimeout, _events),
            ListenerProtocol.Identity => ConnectionStreams.Echo(_connection, pool, _bounds, Encoding.ASCII.GetBytes(_id.ToString()), _events),
            _ => ConnectionStreams.Echo(_connection, pool, _bounds, null, _events),
        };
        streams.Run(Context.Materializer());
        if (_listener.Protocol == ListenerProtocol.Udsb)
            Timers.StartSingleTimer(nameof(HandshakeTimedOut), HandshakeTimedOut.Instance, settings.Connections.HandshakeTimeout);
    }

    protected override void PostStop()
    {
        _outbox.Close();
        _session.EndAll();
        if (_session.TakeChanges() is { Count: > 0 } changes) _router.Tell(new RouterActor.Apply(changes), ActorRefs.NoSender);
        _connection.Dispose();
        Record(_ending ?? new Ending(CloseReason.Fault, "the connection's actor was stopped by a fault"));
    }

    // Waits for HELLO, and for the router to know the connection's inbox.
    private void Greeting()
    {
        Control();
        Receive<RouterActor.Applied>(_ =>
        {
            Applied();
            Timers.Cancel(nameof(HandshakeTimedOut));
            Timers.StartPeriodicTimer(nameof(KeepAliveTick), KeepAliveTick.Instance, _context.Settings.KeepAlive.PingInterval);
            _lastTick = Stopwatch.GetTimestamp();
            if (_context.Settings.Connections.IdleTimeout is { Ticks: > 0 } idle)
                Timers.StartPeriodicTimer(nameof(IdleTick), IdleTick.Instance, idle / IdleWatch.Looks);
            Become(Serving);
        });
        Receive<HandshakeTimedOut>(_ => End(new Ending(
            CloseReason.HandshakeTimeout, $"no HELLO within {_context.Settings.Connections.HandshakeTimeout.TotalSeconds} s")));
        Ends();
    }

    // Control frames come in batches; the router has applied one before the next is read.
    private void Serving()
    {
        Control();
        Receive<RouterActor.Applied>(_ => Applied());
        Receive<SubscriptionEnded>(message =>
        {
            _session.Ended(message.Subscription);
            _router.Tell(new RouterActor.Apply(_session.TakeChanges()), ActorRefs.NoSender);
        });
        Receive<KeepAliveTick>(_ => KeepAlive());
        Receive<IdleTick>(
            _ => End(Endings.Idle(_context.Settings.Connections.IdleTimeout)), _ => _idle.Look(_inbound.Work + _outbox.RunsDelivered));
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
        _handled = message.Handled;
        foreach (var (kind, bytes) in message.Frames.Frames) _session.Handle(kind, bytes);
        if (_session.TakeChanges() is { Count: > 0 } changes) _router.Tell(new RouterActor.Apply(changes), Self);
        else Handled();
        if (_session.Ending is { } ending) End(ending);
    });

    private void Ends()
    {
        Receive<Ending>(End);
        Receive<InputEnded>(_ => End(Endings.PeerGone));
        Receive<Drain>(message => End(message.Ending));
    }

    private void Applied()
    {
        _session.Confirm();
        Handled();
    }

    private void Handled()
    {
        var handled = _handled;
        _handled = null;
        handled?.Invoke();
    }

    private void End(Ending ending)
    {
        _ending = ending;
        if (ending.Reason is CloseReason.PeerGone or CloseReason.TransportError || _listener.Protocol != ListenerProtocol.Udsb)
        {
            Context.Stop(Self);
            return;
        }

        Timers.CancelAll();
        var isShed = ending.Reason == CloseReason.Overloaded;
        var grace = isShed ? _context.Settings.Memory.ShedGracePeriod : _context.Settings.Shutdown.GracePeriod;
        Timers.StartSingleTimer(nameof(GraceEnded), GraceEnded.Instance, grace);
        Become(Draining);
        var goodbye = new ArrayBufferWriter<byte>(128);
        FrameWriter.Write(goodbye, new GoodbyeCommand(ending.Reason, ending.Message));
        if (isShed) _outbox.Shed(goodbye.WrittenSpan.ToArray());
        else _outbox.Drain(goodbye.WrittenSpan.ToArray());
    }

    // A connection is judged by what arrived since the last tick, not by a clock: a broker that was itself suspended forgives.
    private void KeepAlive()
    {
        var interval = _context.Settings.KeepAlive.PingInterval;
        var wasSuspended = Stopwatch.GetElapsedTime(_lastTick) > interval * 2;
        _lastTick = Stopwatch.GetTimestamp();
        var activity = _inbound.Activity;
        var isSilent = activity == _lastActivity && !_inbound.IsHeldBack && !_bounds.IsPausing && !wasSuspended;
        _lastActivity = activity;
        _unanswered = isSilent ? _unanswered + 1 : 0;
        if (_unanswered > _context.Settings.KeepAlive.StaleAfter)
        {
            End(new Ending(CloseReason.Stale, $"{_context.Settings.KeepAlive.StaleAfter} pings in a row were not answered within {interval.TotalSeconds} s each"));
            return;
        }

        if (!isSilent) return;
        Span<byte> ping = stackalloc byte[FrameWriter.MaxPingBytes];
        _outbox.Send(ping[..FrameWriter.WritePing(ping, (ulong)_unanswered)]);
    }

    private void Record(Ending ending)
    {
        if (ending.Reason is CloseReason.ClientClosed or CloseReason.PeerGone or CloseReason.BrokerShutdown)
            _context.Logger.ConnectionEnded(_id, ending.Reason, ending.Message);
        else _context.Logger.ConnectionClosed(_id, PeerNames.Describe(_connection.Peer), ending.Reason, ending.Message);
    }

    private WelcomeInfo Welcome() => new()
    {
        Broker = "udsbroker",
        BrokerVersion = _context.Version,
        Limits = _context.Settings.Limits with { MaxPacketBytes = _connection.MaxPacket },
        Uid = _connection.Peer.Uid,
        Gid = _connection.Peer.Gid,
        Pid = _connection.Peer.Pid,
    };
}
