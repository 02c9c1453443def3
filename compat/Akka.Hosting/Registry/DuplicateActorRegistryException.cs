namespace Akka.Hosting;

/// <summary>There is an actor for the key already.</summary>
public sealed class DuplicateActorRegistryException : ActorRegistryException
{
    public DuplicateActorRegistryException(string message)
        : base(message)
    {
    }

    public DuplicateActorRegistryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
