using Akka.Actor;

namespace Akka.Hosting;

/// <summary>A service that stands for the actor that is registered under <typeparamref name="TActor"/>.</summary>
public interface IRequiredActor<TActor>
{
    /// <summary>The actor.</summary>
    /// <exception cref="MissingActorRegistryEntryException">There is none yet; <see cref="GetAsync"/> would wait for it.</exception>
    IActorRef ActorRef { get; }

    /// <summary>The actor, as soon as there is one.</summary>
    Task<IActorRef> GetAsync(CancellationToken cancellationToken = default);
}
