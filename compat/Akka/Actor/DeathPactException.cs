namespace Akka.Actor;

/// <summary>A watching actor did not handle <see cref="Terminated"/>, so it fails with the actor it watched.</summary>
public class DeathPactException : AkkaException
{
    public DeathPactException(IActorRef deadActor)
        : base($"Monitored actor [{deadActor}] terminated") => DeadActor = deadActor;

    public IActorRef DeadActor { get; }
}
