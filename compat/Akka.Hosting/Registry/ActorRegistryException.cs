namespace Akka.Hosting;

/// <summary>Something is wrong with an entry of an <see cref="ActorRegistry"/>.</summary>
public class ActorRegistryException : Exception
{
    public ActorRegistryException(string message)
        : base(message)
    {
    }

    public ActorRegistryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
