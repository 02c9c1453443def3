namespace Akka.Actor;

/// <summary>A name that is not allowed where it stands.</summary>
public class IllegalActorNameException : AkkaException
{
    public IllegalActorNameException(string message)
        : base(message)
    {
    }
}
