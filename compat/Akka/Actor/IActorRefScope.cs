namespace Akka.Actor;

/// <summary>Says where the actor behind a reference lives.</summary>
public interface IActorRefScope
{
    bool IsLocal { get; }
}
