namespace Akka.Actor;

/// <summary>The reference of no actor: what a lookup that found nothing gives.</summary>
public sealed class Nobody : MinimalActorRef
{
    public static Nobody Instance = new();

    private readonly ActorPath _path = new RootActorPath(Address.AllSystems, "/Nobody");

    private Nobody()
    {
    }

    public override ActorPath Path => _path;

    public override IActorRefProvider Provider => throw new NotSupportedException("Nobody does not provide");
}
