using Akka.Actor;

namespace Akka.Hosting;

/// <summary>Keeps actors by the type that names them.</summary>
public interface IActorRegistry : IReadOnlyActorRegistry
{
    /// <summary>Registers an actor.</summary>
    /// <exception cref="DuplicateActorRegistryException">The key is taken and may not be overwritten.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="actor"/> is null.</exception>
    void Register<TKey>(IActorRef actor, bool overwrite = false);

    /// <summary>Registers an actor, unless the key is taken and may not be overwritten, or the actor is null.</summary>
    bool TryRegister<TKey>(IActorRef actor, bool overwrite = false);

    /// <summary>Registers an actor, unless the key is taken and may not be overwritten, or the actor is null.</summary>
    bool TryRegister(Type key, IActorRef actor, bool overwrite = false);
}
