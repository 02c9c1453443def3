using Akka.Actor;

namespace Akka.Event;

/// <summary>A logger that is not an actor, for the time before and after actors run.</summary>
public abstract class MinimalLogger : MinimalActorRef
{
    private readonly ActorPath _path = new RootActorPath(Address.AllSystems, "/StandardOutLogger");

    public sealed override IActorRefProvider Provider => throw new NotSupportedException("This logger does not provide.");

    public sealed override ActorPath Path => _path;

    protected sealed override void TellInternal(object message, IActorRef sender) =>
        Log(message ?? throw new ArgumentNullException(nameof(message), "The message to log must not be null."));

    protected abstract void Log(object message);
}
