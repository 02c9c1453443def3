namespace Akka.Actor;

/// <summary>An actor name that is empty, has forbidden characters or is taken by a sibling.</summary>
public class InvalidActorNameException : AkkaException
{
    public InvalidActorNameException(string message)
        : base(message)
    {
    }

    public InvalidActorNameException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
