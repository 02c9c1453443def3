using Akka.Actor;
using Akka.Configuration;

[assembly: AssemblyFixture(typeof(UdsBroker.Compat.Streams.Tests.Systems))]

namespace UdsBroker.Compat.Streams.Tests;

/// <summary>One actor system for all tests: streams do not disturb each other, and starting a system is the slowest part of a test.</summary>
public sealed class Systems : IAsyncLifetime
{
    public ActorSystem System { get; } = ActorSystem.Create(
        "streams", ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off }"));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await System.Terminate();
}
