namespace Akka.Actor;

/// <summary>What <see cref="Kill"/> makes an actor throw.</summary>
public class ActorKilledException : AkkaException
{
    public ActorKilledException()
    {
    }

    public ActorKilledException(string message)
        : base(message)
    {
    }
}
