using Akka.Actor;

namespace Akka.Hosting;

/// <summary>Looks the actor up once and keeps it, even if the registration is overwritten later.</summary>
public sealed class RequiredActor<TActor> : IRequiredActor<TActor>
{
    private readonly IReadOnlyActorRegistry _registry;
    private IActorRef? _actor;

    public RequiredActor(IReadOnlyActorRegistry registry)
    {
        _registry = registry;
    }

    /// <inheritdoc/>
    public IActorRef ActorRef => _actor ??= _registry.TryGet<TActor>(out var found)
        ? found
        : throw new MissingActorRegistryEntryException(
            $"There is no actor for {typeof(TActor)} yet. A hosted service starts beside the actor system and has to wait with GetAsync.");

    /// <inheritdoc/>
    public async Task<IActorRef> GetAsync(CancellationToken cancellationToken = default)
        => _actor ??= await _registry.GetAsync<TActor>(cancellationToken).ConfigureAwait(false);
}
