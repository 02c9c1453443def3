namespace Akka.Actor;

/// <summary>Makes actor instances for <see cref="Props"/> in its own way.</summary>
public interface IIndirectActorProducer
{
    Type ActorType { get; }

    ActorBase Produce();

    void Release(ActorBase actor);
}
