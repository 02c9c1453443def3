namespace Akka.Actor;

/// <summary>The two references that mean "no actor".</summary>
public static class ActorRefs
{
    public static readonly Nobody Nobody = Nobody.Instance;

    /// <summary>The sender of a message that has none.</summary>
    public static readonly IActorRef NoSender;
}
