using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace UdsBroker.Compat.Hosting.Tests.Hosting;

/// <summary>Actors by the type that names them.</summary>
public class ActorRegistryTests
{
    private static readonly Type KeyType = typeof(Key);

    private readonly ActorRegistry _registry = new();

    [Fact]
    public async Task The_registry_of_the_system_is_a_service()
        => await TestHost.Run(
            akka => akka.WithActors((system, registry) => registry.Register<Key>(system.ActorOf(EchoActor.Props, "one"))),
            async host =>
            {
                var registry = host.Services.GetRequiredService<ActorRegistry>();
                Assert.Same(registry, ActorRegistry.For(host.Services.GetRequiredService<ActorSystem>()));
                Assert.Same(registry, host.Services.GetRequiredService<IActorRegistry>());
                Assert.Same(registry, host.Services.GetRequiredService<IReadOnlyActorRegistry>());

                var actor = registry.Get<Key>();
                Assert.Equal("one", actor.Path.Name);
                Assert.Same(actor, host.Services.GetRequiredService<IRequiredActor<Key>>().ActorRef);
                Assert.Same(actor, await host.Services.GetRequiredService<IRequiredActor<Key>>().GetAsync(TestContext.Current.CancellationToken));
                Assert.Equal([new KeyValuePair<Type, IActorRef>(typeof(Key), actor)], registry);
            });

    [Fact]
    public void A_key_is_registered_once_unless_it_is_overwritten()
    {
        _registry.Register<Key>(ActorRefs.Nobody);
        Assert.False(_registry.TryRegister<Key>(ActorRefs.NoSender!));
        Assert.False(_registry.TryRegister<Key>(ActorRefs.Nobody));
        Assert.Throws<DuplicateActorRegistryException>(() => _registry.Register<Key>(ActorRefs.Nobody));
        Assert.True(_registry.TryRegister(KeyType, ActorRefs.Nobody, overwrite: true));
        _registry.Register<Key>(ActorRefs.Nobody, overwrite: true);
        Assert.Throws<ArgumentNullException>(() => _registry.Register<Key>(null!));
        Assert.False(_registry.TryRegister<Key>(null!));
    }

    [Fact]
    public void A_key_that_is_missing_is_nobody()
    {
        Assert.False(_registry.TryGet<Key>(out var actor));
        Assert.Same(ActorRefs.Nobody, actor);
        Assert.False(_registry.TryGet(KeyType, out actor));
        Assert.Throws<MissingActorRegistryEntryException>(() => _registry.Get<Key>());
        Assert.Throws<MissingActorRegistryEntryException>(() => new RequiredActor<Key>(_registry).ActorRef);
        Assert.Empty(_registry);
    }

    [Fact]
    public async Task An_actor_can_be_waited_for()
    {
        var first = _registry.GetAsync<Key>(TestContext.Current.CancellationToken);
        var second = _registry.GetAsync(KeyType, TestContext.Current.CancellationToken);
        var required = new RequiredActor<Key>(_registry).GetAsync(TestContext.Current.CancellationToken);
        var other = _registry.GetAsync<string>(TestContext.Current.CancellationToken);
        Assert.False(first.IsCompleted || second.IsCompleted || required.IsCompleted);

        _registry.Register<Key>(ActorRefs.Nobody);

        Assert.Same(ActorRefs.Nobody, await first);
        Assert.Same(ActorRefs.Nobody, await second);
        Assert.Same(ActorRefs.Nobody, await required);
        Assert.Same(ActorRefs.Nobody, await _registry.GetAsync<Key>(TestContext.Current.CancellationToken));
        Assert.False(other.IsCompleted);
    }

    [Fact]
    public async Task Waiting_can_be_cancelled_without_disturbing_others()
    {
        using var cancellation = new CancellationTokenSource();
        var cancelled = _registry.GetAsync<Key>(cancellation.Token);
        var patient = _registry.GetAsync<Key>(TestContext.Current.CancellationToken);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        Assert.False(patient.IsCompleted);
        _registry.Register<Key>(ActorRefs.Nobody);
        Assert.Same(ActorRefs.Nobody, await patient);
    }

    /// <summary>Names an actor.</summary>
    private sealed class Key;
}
