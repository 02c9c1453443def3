namespace Akka.Actor;

/// <summary>An operation that the state of the actor does not allow.</summary>
public class IllegalActorStateException : AkkaException
{
    public IllegalActorStateException(string message)
        : base(message)
    {
    }
}
