namespace Akka.Actor;

/// <summary>Anything that a message can be sent to.</summary>
public interface ICanTell
{
    void Tell(object message, IActorRef sender);
}
