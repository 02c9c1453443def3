namespace Akka.Actor;

/// <summary>Creates actors and selects existing ones: a system or an actor's context.</summary>
public interface IActorRefFactory
{
    IActorRef ActorOf(Props props, string name = null);

    ActorSelection ActorSelection(ActorPath actorPath);

    ActorSelection ActorSelection(string actorPath);
}
