namespace Akka.Actor;

/// <summary>The path of the root guardian of a system.</summary>
public sealed class RootActorPath : ActorPath
{
    public RootActorPath(Address address, string name = "")
        : base(address, name)
    {
    }
}
