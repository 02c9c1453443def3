using Akka.Actor;

namespace Akka.Hosting;

/// <summary>Looks up actors by the type that names them, which need not be the actor's own.</summary>
public interface IReadOnlyActorRegistry : IEnumerable<KeyValuePair<Type, IActorRef>>
{
    /// <summary>The actor of the key, or <see cref="ActorRefs.Nobody"/> and false.</summary>
    bool TryGet<TKey>(out IActorRef actor);

    /// <summary>The actor of the key, or <see cref="ActorRefs.Nobody"/> and false.</summary>
    bool TryGet(Type key, out IActorRef actor);

    /// <summary>The actor of the key.</summary>
    /// <exception cref="MissingActorRegistryEntryException">There is none.</exception>
    IActorRef Get<TKey>();

    /// <summary>The actor of the key, as soon as there is one.</summary>
    Task<IActorRef> GetAsync<TKey>(CancellationToken ct = default);

    /// <summary>The actor of the key, as soon as there is one.</summary>
    Task<IActorRef> GetAsync(Type key, CancellationToken ct = default);
}
