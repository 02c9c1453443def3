namespace Akka.Actor;

/// <summary>A reference that can list the children of its actor.</summary>
public abstract class ActorRefWithCell : InternalActorRefBase
{
    public abstract IEnumerable<IActorRef> Children { get; }

    public abstract IInternalActorRef GetSingleChild(string name);
}
