using Akka.Actor.Internal;
using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>
/// An actor that states its handlers by message type, in its constructor or in a method given to Become. The first handler that
/// takes a message wins.
/// </summary>
public abstract class ReceiveActor : UntypedActor, IInitializableActor
{
    private MessageHandlers _configuring;
    private MessageHandlers _handlers;

    protected ReceiveActor() => _configuring = new MessageHandlers();

    void IInitializableActor.Init()
    {
        _handlers = _configuring.Build();
        _configuring = null;
    }

    protected sealed override void OnReceive(object message)
    {
        if (!_handlers.TryHandle(message)) Unhandled(message);
    }

    protected void Become(Action configure) => Context.Become(AsBehavior(configure));

    protected void BecomeStacked(Action configure) => Context.BecomeStacked(AsBehavior(configure));

    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T> shouldHandle = null) =>
        Configuring().Add(new MessageHandlers.Typed<T>(shouldHandle, message => ActorTaskScheduler.RunTask(() => handler(message))));

    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object> shouldHandle = null) =>
        Configuring().Add(new MessageHandlers.OfType(messageType, shouldHandle, message => ActorTaskScheduler.RunTask(() => handler(message))));

    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        ReceiveAsync(messageType, handler, shouldHandle);

    protected void ReceiveAnyAsync(Func<object, Task> handler) =>
        Configuring().Add(new MessageHandlers.Typed<object>(null, message => ActorTaskScheduler.RunTask(() => handler(message))));

    protected void Receive<T>(Action<T> handler, Predicate<T> shouldHandle = null) =>
        Configuring().Add(new MessageHandlers.Typed<T>(shouldHandle, handler));

    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    protected void Receive(Type messageType, Action<object> handler, Predicate<object> shouldHandle = null) =>
        Configuring().Add(new MessageHandlers.OfType(messageType, shouldHandle, handler));

    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Receive(messageType, handler, shouldHandle);

    protected void Receive<T>(Func<T, bool> handler) => Configuring().Add(new MessageHandlers.Deciding<T>(handler));

    protected void Receive(Type messageType, Func<object, bool> handler) =>
        Configuring().Add(new MessageHandlers.Deciding<object>(message => messageType.IsInstanceOfType(message) && handler(message)));

    protected void ReceiveAny(Action<object> handler) => Configuring().Add(new MessageHandlers.Typed<object>(null, handler));

    private Receive AsBehavior(Action configure)
    {
        var outer = _configuring;
        _configuring = new MessageHandlers();
        MessageHandlers handlers;
        try
        {
            configure();
            handlers = _configuring.Build();
        }
        finally
        {
            _configuring = outer;
        }

        return message =>
        {
            if (!handlers.TryHandle(message)) Unhandled(message);
            return true;
        };
    }

    private MessageHandlers Configuring() => _configuring ?? throw new InvalidOperationException(
        "You may only call Receive-methods when constructing the actor and inside Become().");
}
