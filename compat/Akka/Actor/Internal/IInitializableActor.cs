namespace Akka.Actor.Internal;

/// <summary>An actor that finishes its construction after its constructor ran.</summary>
public interface IInitializableActor
{
    void Init();
}
