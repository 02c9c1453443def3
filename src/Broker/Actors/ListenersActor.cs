using Akka.Actor;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Transport;
using Directive = Akka.Actor.Directive;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Parent of the listeners. A listener whose accept failed is bound again, at most a few times a minute. One whose socket file was removed
/// or replaced, or that cannot be bound again, ends the whole broker, because nobody could reach it and an operator has to notice.
/// </summary>
internal sealed class ListenersActor : ReceiveActor
{
    private const int RestartsPerMinute = 5;

    private readonly BrokerContext _context;
    private readonly IActorRef _connections;
    private readonly Dictionary<string, string> _listening = [];
    private bool _isClosing;

    public ListenersActor(BrokerContext context, IActorRef connections)
    {
        _context = context;
        _connections = connections;
        Receive<ListenerActor.Listening>(OnListening);
        Receive<ListenerActor.Failed>(OnFailed);
        Receive<Close>(OnClose);
        Receive<Terminated>(OnTerminated);
    }

    /// <summary>Tells the parent that all listeners are bound.</summary>
    internal sealed record AllListening(IReadOnlyList<string> Paths);

    /// <summary>Tells the parent that a listener could not be bound.</summary>
    internal sealed record StartFailed(Exception Cause);

    /// <summary>Stops the listeners; connections stay.</summary>
    internal sealed record Close
    {
        internal static readonly Close Instance = new();
    }

    internal static Props Props(BrokerContext context, IActorRef connections) => Akka.Actor.Props.Create(() => new ListenersActor(context, connections));

    protected override void PreStart()
    {
        foreach (var settings in _context.Settings.Listeners)
        {
            var listener = settings.Type == UnixSocketType.Dgram ? DatagramActor.Props(_context, settings) : ListenerActor.Props(_context, settings, _connections);
            Context.Watch(Context.ActorOf(listener, settings.Name));
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(RestartsPerMinute, 60_000, cause =>
    {
        _context.Logger.ActorFault(Sender.Path.ToStringWithoutAddress(), cause);
        return cause is ListenerLostException ? Directive.Escalate : Directive.Restart;
    }, loggingEnabled: false);

    private void OnListening(ListenerActor.Listening message)
    {
        _listening[message.Name] = message.Path;
        if (_listening.Count == _context.Settings.Listeners.Count) Context.Parent.Tell(new AllListening([.. _listening.Values]));
    }

    private void OnFailed(ListenerActor.Failed message) => Context.Parent.Tell(new StartFailed(message.Cause));

    private void OnClose(Close message)
    {
        _isClosing = true;
        foreach (var listener in Context.GetChildren()) Context.Stop(listener);
        StopWhenEmpty();
    }

    private void OnTerminated(Terminated message)
    {
        if (!_isClosing) throw new ListenerLostException($"listener {message.ActorRef.Path.Name} failed {RestartsPerMinute} times within a minute");
        StopWhenEmpty();
    }

    private void StopWhenEmpty()
    {
        if (!Context.GetChildren().Any()) Context.Stop(Self);
    }
}
