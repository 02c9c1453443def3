namespace Akka.Actor;

/// <summary>The side of a system that extensions use.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    public abstract IActorRefProvider Provider { get; }

    /// <summary>/user.</summary>
    public abstract IInternalActorRef Guardian { get; }

    public abstract IInternalActorRef LookupRoot { get; }

    /// <summary>/system.</summary>
    public abstract IInternalActorRef SystemGuardian { get; }

    /// <summary>Creates an actor below /system, where it outlives every user actor.</summary>
    public abstract IActorRef SystemActorOf(Props props, string name = null);

    public abstract IActorRef SystemActorOf<TActor>(string name = null)
        where TActor : ActorBase, new();

    /// <summary>Terminates without coordinated shutdown.</summary>
    public abstract void Abort();
}
