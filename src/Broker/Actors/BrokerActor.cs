using Akka.Actor;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Settings;
using UdsBroker.Protocol;
using Directive = Akka.Actor.Directive;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// The root supervisor, <c>/user/broker</c>. It starts the tree, stops it in order, and handles faults: router, system and delay actor are
/// restarted, at most a few times a minute; any other fault escalates and ends the broker. There is no half-alive broker.
/// </summary>
internal sealed class BrokerActor : ReceiveActor
{
    private const int RestartsPerMinute = 10;

    private static readonly Ending Leaving = new(CloseReason.LameDuck, "the broker is about to stop; connect elsewhere, or again later");

    private readonly BrokerContext _context;
    private readonly TaskCompletionSource<BrokerEnd> _ended;
    private IActorRef _connections = ActorRefs.Nobody;
    private IActorRef _listeners = ActorRefs.Nobody;
    private IActorRef _waiting = ActorRefs.Nobody;
    private object? _outcome;
    private Ending? _ending;
    private bool _isClosed;
    private BrokerEnd _end;

    public BrokerActor(BrokerContext context, TaskCompletionSource<BrokerEnd> ended)
    {
        _context = context;
        _ended = ended;
        Starting();
    }

    /// <summary>
    /// Asks when the broker accepts connections; answered by <see cref="ListenersActor.AllListening"/> or
    /// <see cref="ListenersActor.StartFailed"/>.
    /// </summary>
    internal sealed record AwaitStart
    {
        internal static readonly AwaitStart Instance = new();
    }

    /// <summary>
    /// Asks the broker to end in order: accept nothing more, say GOODBYE, send what is queued. Answered by
    /// <see cref="ConnectionsActor.Drained"/> when no connection is left.
    /// </summary>
    internal sealed record Drain(CloseReason Reason, string Message);

    /// <summary>
    /// Asks the broker to accept nothing more, to close its connections spread over the lame duck period, and to stop when none is left. A
    /// <see cref="Drain"/> in between closes the rest at once.
    /// </summary>
    internal sealed record LameDuck
    {
        internal static readonly LameDuck Instance = new();
    }

    /// <summary>Puts reloaded settings in force; connections and subscriptions that their access rules do not allow end.</summary>
    internal sealed record UseSettings(BrokerSettings Settings);

    /// <param name="context">What the actors share.</param>
    /// <param name="ended">Completed when the tree has stopped, for whatever reason.</param>
    internal static Props Props(BrokerContext context, TaskCompletionSource<BrokerEnd> ended) => Akka.Actor.Props.Create(() => new BrokerActor(context, ended));

    protected override void PreStart()
    {
        var router = Context.Watch(Context.ActorOf(RouterActor.Props(_context), "router"));
        var system = Context.Watch(Context.ActorOf(SystemActor.Props(_context), "system"));
        Context.Watch(Context.ActorOf(DelayActor.Props(_context), "delay"));
        _connections = Context.Watch(Context.ActorOf(ConnectionsActor.Props(_context, new BrokerActors(router, system)), "connections"));
        _listeners = Context.Watch(Context.ActorOf(ListenersActor.Props(_context, _connections), "listeners"));
    }

    protected override void PostStop() => _ended.TrySetResult(_end);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(RestartsPerMinute, 60_000, cause =>
    {
        _context.Logger.ActorFault(Sender.Path.ToStringWithoutAddress(), cause);
        return Sender.Path.Name is "router" or "system" or "delay" ? Directive.Restart : Directive.Escalate;
    }, loggingEnabled: false);

    // Until every listener is bound, or one cannot be.
    private void Starting()
    {
        Receive<AwaitStart>(_ =>
        {
            _waiting = Sender;
            if (_outcome is not null) _waiting.Tell(_outcome);
        });
        Receive<ListenersActor.AllListening>(message => OnStarted(message, Running));
        Receive<ListenersActor.StartFailed>(message => OnStarted(message, NotStarted));
        Serving();
    }

    // A listener could not be bound, and the host ends the broker because of that. What the other listeners report is ignored.
    private void NotStarted()
    {
        Receive<AwaitStart>(_ => Sender.Tell(_outcome!));
        Receive<ListenersActor.StartFailed>(_ => { });
        Serving();
    }

    // Everything runs; a listener that is bound again after trouble reports as at the start.
    private void Running()
    {
        Receive<AwaitStart>(_ => Sender.Tell(_outcome!));
        Receive<ListenersActor.AllListening>(_ => { });
        Receive<ListenersActor.StartFailed>(message => throw new ListenerLostException(message.Cause.Message));
        Serving();
    }

    // Lame duck: first the listeners stop, then the connections are closed one by one; after the last one the tree stops itself.
    private void Retiring()
    {
        Receive<Terminated>(_ => OnClosed(), IsListeners);
        Receive<Terminated>(OnLost);
        Receive<ConnectionsActor.Kick>(message => _connections.Tell(message, Sender));
        Receive<ConnectionsActor.Drained>(_ =>
        {
            _end = BrokerEnd.Drained;
            Context.Stop(Self);
        });
        Receive<UseSettings>(OnUseSettings);
        Receive<Drain>(OnDrain);
        ReceiveAny(_ => { });
    }

    // First the listeners stop, then every connection; the actor that asked for it is told when none is left.
    private void Draining()
    {
        Receive<Terminated>(_ => OnClosed(), IsListeners);
        Receive<ConnectionsActor.Drained>(message => _waiting.Tell(message));
        ReceiveAny(_ => { });
    }

    private void Serving()
    {
        Receive<Terminated>(OnLost);
        Receive<ConnectionsActor.Kick>(message => _connections.Tell(message, Sender));
        Receive<UseSettings>(OnUseSettings);
        Receive<LameDuck>(_ => Close(Leaving, Retiring));
        Receive<Drain>(OnDrain);
    }

    private void OnStarted(object outcome, Action state)
    {
        _outcome = outcome;
        _waiting.Tell(outcome);
        Become(state);
    }

    // A child that was stopped because it kept faulting: without it the broker would be half alive.
    private static void OnLost(Terminated message) =>
        throw new InvalidOperationException($"{message.ActorRef.Path.Name} was stopped after more than {RestartsPerMinute} faults within a minute");

    // The rules are replaced before connections are told, so that every later check already uses the new ones.
    private void OnUseSettings(UseSettings message)
    {
        _context.Use(message.Settings);
        var policy = message.Settings.Access.Policy;
        _context.Logger.AccessReloaded(policy.Rules.Count, policy.Otherwise.ToString().ToLowerInvariant());
        _connections.Tell(ConnectionsActor.AccessChanged.Instance);
    }

    private void OnDrain(Drain message)
    {
        _waiting = Sender;
        Close(new Ending(message.Reason, message.Message), Draining);
    }

    private void Close(Ending ending, Action state)
    {
        _ending = ending;
        Become(state);
        if (_isClosed) OnClosed();
        else _listeners.Tell(ListenersActor.Close.Instance);
    }

    private void OnClosed()
    {
        _isClosed = true;
        var period = _ending!.Reason == CloseReason.LameDuck ? _context.Settings.Shutdown.LameDuckPeriod : TimeSpan.Zero;
        _connections.Tell(new ConnectionsActor.DrainAll(_ending, period));
    }

    private bool IsListeners(Terminated message) => message.ActorRef.Equals(_listeners);
}
