namespace Akka.Actor;

/// <summary>Gives the runtime the context of an actor instance.</summary>
public interface IInternalActor
{
    IActorContext ActorContext { get; }
}
