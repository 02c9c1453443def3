using System.Diagnostics;
using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Streams;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// One accepted connection, named by its identity, as a state machine. It owns the parts of the connection, which stop with it, and is the
/// only place where the connection ends.
/// </summary>
/// <remarks>
/// Greeting: waits for HELLO, and then for the router to know the client. Serving: control frames and keep-alive. Draining: GOODBYE is
/// queued as the last frame, and sending what is queued is bounded by the grace period. Closing: waits for its streams, which were told to
/// end. A listener of raw bytes begins in Serving and has no session. The states are plain methods, so that an idle connection needs no
/// table of handlers.
/// </remarks>
internal sealed partial class ConnectionActor : UntypedActor, IWithTimers
{
    private readonly BrokerContext _context;
    private readonly UnixConnection _connection;
    private readonly PeerAccess _access;
    private readonly BrokerActors _actors;
    private readonly IMaterializer _materializer;
    private readonly ConnectionCore _core;
    private readonly ControlTurn _control = new();
    private readonly KeepAlive _keepAlive;
    private IdleWatch? _idle;
    private Ending? _ending;
    private ShedGrace? _shedGrace;
    private State _state;
    private int _streams;
    private long _helloAwaited;
    private TickPace _keepAlivePace;
    private TickPace _idlePace;

    public ConnectionActor(BrokerContext context, BrokerActors actors, IMaterializer materializer, AdmittedConnection admitted)
    {
        _context = context;
        _connection = admitted.Connection;
        _access = admitted.Access;
        _actors = actors;
        _materializer = materializer;
        _core = new ConnectionCore(context, admitted, new ConnectionEvents(Self, _connection));
        _keepAlive = new KeepAlive(context.Settings.KeepAlive);
        _state = _core.IsRaw ? State.Serving : State.Greeting;
    }

    private enum State : byte
    {
        Greeting,
        Serving,
        Draining,
        Closing,
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private Session Session => _core.Session;

    protected override void PreStart()
    {
        Run(_core.Reader());
        if (_state == State.Greeting) AwaitHello();
    }

    // The streams have ended by now, so whatever the client sent was routed before its end is told; only a fault of this actor may come
    // before them. Closing delivers leftovers to other connections, which may fault: no part of this connection may stay alive then.
    protected override void PostStop()
    {
        try
        {
            _core.EndStreams();
            _core.Close();
        }
        finally
        {
            Leave(_ending ?? new Ending(CloseReason.Fault, "the connection's actor was stopped by a fault"));
        }
    }

    protected override void OnReceive(object message)
    {
        switch (_state)
        {
            case State.Greeting:
                Greeting(message);
                break;
            case State.Serving:
                Serving(message);
                break;
            case State.Draining:
                Draining(message);
                break;
            default:
                Closing(message);
                break;
        }
    }

    // Waits for HELLO, and then until the router knows the connection's inbox and has announced the client; then the client is welcomed.
    private void Greeting(object message)
    {
        switch (message)
        {
            case RouterActor.Applied:
                Timers.CancelAll();
                _keepAlivePace.Begin(Stopwatch.GetTimestamp());
                _idlePace.Begin(Stopwatch.GetTimestamp());
                _state = State.Serving;
                Applied();
                break;
            case HandshakeTimedOut:
                OnHandshakeTimedOut();
                break;
            case KeepAliveTick or IdleTick:
                break;
            default:
                Any(message);
                break;
        }
    }

    // Control frames come in batches; the router has applied one, and what it asked is answered, before the next is read.
    private void Serving(object message)
    {
        switch (message)
        {
            case RouterActor.Applied:
                Applied();
                break;
            case BrokerAnswer answer:
                Session.Answer(answer);
                _control.CompleteOne();
                break;
            case SubscriptionEnded ended:
                Session.Ended(ended.Subscription);
                _actors.Router.Tell(new RouterActor.Apply(Session.TakeChanges(), _core.Record.Peer.Uid), ActorRefs.NoSender);
                break;
            case KeepAliveTick:
                CheckKeepAlive();
                break;
            case IdleTick:
                CheckIdle();
                break;
            default:
                Any(message);
                break;
        }
    }

    // What may come in any state before the connection ends.
    private void Any(object message)
    {
        switch (message)
        {
            case ControlArrived control:
                Control(control);
                break;
            case WriterNeeded:
                Run(_core.Writer());
                break;
            case StreamEnded: // without any report before it
                _streams--;
                End(new Ending(CloseReason.Fault, "a stream of the connection has ended by a fault"));
                break;
            case Ending ending:
                End(ending);
                break;
            case InputEnded:
                End(Endings.PeerGone);
                break;
            case ConnectionsActor.AccessChanged:
                ApplyAccess();
                break;
            case RouterActor.Failed failed:
                End(new Ending(CloseReason.Fault, failed.Cause));
                break;
            case Drain drain:
                End(drain.Ending);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // GOODBYE is sent after everything that was queued; then, or when the grace period is over, the connection closes. End of input is no
    // reason to close: the peer may have shut down its side after its own GOODBYE and still read. Only a failing send shows that it is
    // gone.
    private void Draining(object message)
    {
        switch (message)
        {
            case WriterNeeded:
                Run(_core.Writer());
                break;
            case StreamEnded:
                _streams--;
                break;
            case CloseIfStuck:
                if (_core.Outbox.IsStuck) Close();
                break;
            case GraceEnded when _shedGrace?.End(_core.Outbox.IsStuck) == false:
                _context.Logger.ShedGraceGivenAgain(_core.Record.Id);
                GiveGrace(_context.Settings.Memory.ShedGracePeriod);
                break;
            case AllSent or GraceEnded or Ending { Reason: CloseReason.PeerGone or CloseReason.TransportError }:
                Close();
                break;
        }
    }

    // Only the end of the streams matters now.
    private void Closing(object message)
    {
        if (message is StreamEnded && --_streams == 0) Context.Stop(Self);
    }

    private void Run(IRunnableGraph<NotUsed> stream)
    {
        stream.Run(_materializer);
        _streams++;
    }

    private void End(Ending ending)
    {
        _ending = ending;
        if (MustStopReading(ending.Reason)) _core.Inbound.End();
        if (ending.Reason is CloseReason.PeerGone or CloseReason.TransportError || _core.IsRaw)
        {
            Close();
            return;
        }

        Timers.CancelAll();
        if (ending.Reason == CloseReason.Overloaded) _shedGrace = new ShedGrace();
        GiveGrace(_shedGrace is null ? _context.Settings.Shutdown.GracePeriod : _context.Settings.Memory.ShedGracePeriod);
        _state = State.Draining;
        _core.SayGoodbye(ending);
    }

    private void GiveGrace(TimeSpan period) => Timers.StartSingleTimer(nameof(GraceEnded), GraceEnded.Instance, period);

    // A client that is merely asked to leave may still send. One that is closed for what it did, or to free memory, only gets time to read.
    private static bool MustStopReading(CloseReason reason) =>
        reason is CloseReason.Kicked or CloseReason.NotAllowed or CloseReason.Overloaded or CloseReason.SlowConsumer or CloseReason.Fault;

    private void Leave(Ending ending)
    {
        try
        {
            var changes = _core.EndSubscriptions();
            if (Session.IsGreeted)
                _actors.Router.Tell(new RouterActor.Leave(changes, _actors.System, new SystemActor.Left(_core.Record, _access, ending, Session.Will)), ActorRefs.NoSender);
            _core.Record.End(ending);
        }
        finally
        {
            _connection.Dispose();
        }
    }

    private void Close()
    {
        _state = State.Closing;
        _core.Record.Leave();
        _core.EndStreams();
        if (_streams == 0) Context.Stop(Self);
    }
}
