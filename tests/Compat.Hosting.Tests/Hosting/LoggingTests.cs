using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace UdsBroker.Compat.Hosting.Tests.Hosting;

/// <summary>What actors log reaches the loggers of the host.</summary>
public class LoggingTests
{
    [Fact]
    public async Task Log_events_of_actors_reach_the_logger_factory_of_the_host()
    {
        using var captured = new CapturingProvider();
        using var host = await StartAsync(captured, Akka.Event.LogLevel.DebugLevel);
        var log = Logging.GetLogger(host.Services.GetRequiredService<ActorSystem>(), "the source");

        log.Debug("one {0}", 1);
        log.Info("two {0}", 2);
        log.Warning("three");
        log.Error(new InvalidOperationException("broken"), "four");

        await captured.Wait(entry => entry.Text.Contains("four", StringComparison.Ordinal));
        await host.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            [(LogLevel.Debug, "one 1"), (LogLevel.Information, "two 2"), (LogLevel.Warning, "three"), (LogLevel.Error, "four")],
            captured.Entries
                .Where(entry => entry.Text.Contains("the source", StringComparison.Ordinal))
                .Select(entry => (entry.Level, new[] { "one 1", "two 2", "three", "four" }.Single(text => entry.Text.Contains(text, StringComparison.Ordinal)))));
        var error = captured.Entries.Single(entry => entry.Level == LogLevel.Error);
        Assert.Equal("Akka.Actor.ActorSystem", error.Category);
        Assert.Equal("broken", error.Exception?.Message);
    }

    [Fact]
    public async Task Events_below_the_level_are_not_logged()
    {
        using var captured = new CapturingProvider();
        using var host = await StartAsync(captured, Akka.Event.LogLevel.WarningLevel);
        var log = Logging.GetLogger(host.Services.GetRequiredService<ActorSystem>(), "quiet");
        Assert.False(log.IsInfoEnabled);
        Assert.True(log.IsWarningEnabled);

        log.Info("unheard");
        log.Warning("heard");

        await captured.Wait(entry => entry.Text.Contains("heard", StringComparison.Ordinal));
        Assert.DoesNotContain(captured.Entries, entry => entry.Text.Contains("unheard", StringComparison.Ordinal));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Another_logger_factory_can_be_given()
    {
        using var captured = new CapturingProvider();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(captured));
        await TestHost.Run(
            akka => akka.ConfigureLoggers(loggers => loggers.ClearLoggers().AddLoggerFactory(factory)),
            async host =>
            {
                Logging.GetLogger(host.Services.GetRequiredService<ActorSystem>(), "elsewhere").Warning("hello there");
                await captured.Wait(entry => entry.Text.Contains("hello there", StringComparison.Ordinal));
            });
    }

    /// <summary>A host whose actor system logs to the factory of the host alone, from this level on.</summary>
    private static async Task<IHost> StartAsync(CapturingProvider captured, Akka.Event.LogLevel level)
    {
        var host = TestHost.Build(
            (akka, _) => akka.ConfigureLoggers(loggers =>
            {
                loggers.LogLevel = level;
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            }),
            services => services.AddSingleton<ILoggerProvider>(captured));
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>What was logged.</summary>
    private sealed record Entry(string Category, LogLevel Level, string Text, Exception? Exception);

    /// <summary>Keeps what is logged, and lets a test wait for it.</summary>
    private sealed class CapturingProvider : ILoggerProvider
    {
        private readonly ConcurrentQueue<Entry> _entries = new();
        private readonly SemaphoreSlim _added = new(0);

        internal IEnumerable<Entry> Entries => _entries;

        public ILogger CreateLogger(string categoryName) => new Capturing(this, categoryName);

        public void Dispose() => _added.Dispose();

        internal async Task Wait(Predicate<Entry> wanted)
        {
            while (!_entries.Any(entry => wanted(entry)))
                Assert.True(await _added.WaitAsync(TestHost.Patience, TestContext.Current.CancellationToken), "It was never logged");
        }

        private sealed class Capturing(CapturingProvider owner, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                owner._entries.Enqueue(new Entry(category, logLevel, formatter(state, exception), exception));
                owner._added.Release();
            }
        }
    }
}
