using Akka.Actor;
using Akka.Configuration;

namespace UdsBroker.Compat.Actors.Tests;

/// <summary>An actor system of one test: silent unless the test configures it otherwise, and stopped with the test.</summary>
internal sealed class TestSystem : IAsyncDisposable
{
    private const string Silent = """
        akka {
          loglevel = "OFF"
          stdout-loglevel = "OFF"
          log-dead-letters = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
        }
        """;

    public TestSystem(string hocon = "")
        : this("test", hocon)
    {
    }

    public TestSystem(string name, string hocon) => System = ActorSystem.Create(name, ConfigOf(hocon));

    public ActorSystem System { get; }

    public static Config ConfigOf(string hocon) =>
        ConfigurationFactory.ParseString(hocon).WithFallback(ConfigurationFactory.ParseString(Silent));

    public Probe CreateProbe() => new(System);

    public IActorRef Run(Action<IActorContext, object> receive, string? name = null) => System.ActorOf(Acting.Props(receive), name);

    public async ValueTask DisposeAsync() => await System.Terminate().WaitAsync(Probe.Patience);
}
