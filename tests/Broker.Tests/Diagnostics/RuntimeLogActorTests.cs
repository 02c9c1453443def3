using System.Threading.Channels;
using Akka.Actor;
using Akka.Event;
using Microsoft.Extensions.Logging;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Settings;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace UdsBroker.Broker.Tests.Diagnostics;

/// <summary>What the actor runtime logs reaches the broker's log under the settings the broker runs with.</summary>
public class RuntimeLogActorTests
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Warnings_and_errors_of_the_runtime_become_events_of_the_log()
    {
        using var system = ActorSystem.Create("test", SettingsLayers.Reference);
        var log = new LogOfTest();
        var actor = system.ActorOf(RuntimeLogActor.Props(log), "log");
        await actor.Ask<ActorIdentity>(new Identify(null), Hang, TestContext.Current.CancellationToken); // subscribed by now

        system.Log.Warning("look at {0}", "this");
        system.Log.Error(new InvalidOperationException("broken"), "and this");

        var warning = await log.NextAsync();
        Assert.StartsWith("Warning 140 actor runtime, ", warning, StringComparison.Ordinal);
        Assert.EndsWith(": look at this", warning, StringComparison.Ordinal);
        var error = await log.NextAsync();
        Assert.StartsWith("Error 141 actor runtime, ", error, StringComparison.Ordinal);
        Assert.EndsWith(": and this broken", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_message_of_the_runtime_is_still_an_event()
    {
        using var system = ActorSystem.Create("test", SettingsLayers.Reference);
        var log = new LogOfTest();
        var actor = system.ActorOf(RuntimeLogActor.Props(log), "log");

        actor.Tell(new Warning("somewhere", typeof(object), null));
        actor.Tell(new Error(new InvalidOperationException("broken"), "somewhere", typeof(object), null));

        Assert.Equal("Warning 140 actor runtime, somewhere:", await log.NextAsync());
        Assert.Equal("Error 141 actor runtime, somewhere:  broken", await log.NextAsync());
    }

    private sealed class LogOfTest : ILogger
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

        public Task<string> NextAsync() => _lines.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Hang);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Writer.TryWrite($"{logLevel} {eventId.Id} {formatter(state, exception)} {exception?.Message}".TrimEnd());
    }
}
