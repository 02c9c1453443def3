using Akka;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using UdsBroker.Broker.Actors;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Hosting;

/// <summary>
/// The composition root: a generic host around the actor system, with the broker's tree in it. It starts the tree and reports that, waits
/// for a signal or for the tree's own end, drains, and turns the outcome into an exit code.
/// </summary>
internal sealed class BrokerHost : IDisposable
{
    private const string DrainPhase = CoordinatedShutdown.PhaseServiceRequestsDone;

    // On top of the grace period, for the steps around it.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    private readonly BrokerSettings _settings;
    private readonly TaskCompletionSource<BrokerEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IHost _host;
    private readonly ILogger _logger;
    private IActorRef _broker = ActorRefs.Nobody;

    private BrokerHost(SettingsSource source, BrokerSettings settings, Config config, DescriptorBudget budget)
    {
        _settings = settings;
        var threshold = new LogThreshold(settings.Log.Level);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddStandardError(threshold);
        builder.Services.AddSingleton<IHostLifetime, SignalLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.Shutdown.GracePeriod + (3 * Margin));
        builder.Services.AddAkka("udsbroker", akka => akka
            .AddHocon(WithDrainTimeout(config, settings.Shutdown), HoconAddMode.Prepend)
            .WithActors((system, registry) => StartTree(system, registry, budget)));
        _host = builder.Build();
        _logger = _host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(StandardError.Category);
        var reload = new SettingsReload(source, config, threshold, _logger);
        Signals.OnHangup = () => reload.Run(read => _broker.Tell(new BrokerActor.UseSettings(read), ActorRefs.NoSender));
    }

    private SignalLifetime Signals => (SignalLifetime)_host.Services.GetRequiredService<IHostLifetime>();

    /// <summary>Runs a broker to its end.</summary>
    /// <param name="source">Where to read the settings again when asked to.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="config">The same settings as a tree, for the actor runtime's own part.</param>
    /// <param name="error">For the start line, or the one line why there is none.</param>
    /// <returns>The exit code of the process.</returns>
    public static async Task<int> RunAsync(SettingsSource source, BrokerSettings settings, Config config, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(settings);
        DescriptorBudget budget;
        try
        {
            budget = DescriptorBudget.OfThisProcess(settings.Connections.Max);
        }
        catch (InvalidOperationException e)
        {
            error.TryWriteLine($"udsbroker: {e.Message}");
            return ExitCode.CannotStart;
        }

        SocketPoller.SpinLimit = settings.Receive.SpinLimit;
        using var host = new BrokerHost(source, settings, config, budget);
        return await host.RunAsync(error).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _host.Dispose();

    private async Task<int> RunAsync(TextWriter error)
    {
        try
        {
            await _host.StartAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Any failure of the runtime, such as an akka setting that names no type, is a failed start and not a crash.
            error.TryWriteLine($"udsbroker: cannot start the actor runtime: {e.Message.ReplaceLineEndings(" ")}");
            return ExitCode.CannotStart;
        }

        var code = await ServeAsync(error).ConfigureAwait(false);
        await _host.StopAsync().ConfigureAwait(false);
        return code;
    }

    private async Task<int> ServeAsync(TextWriter error)
    {
        var started = _broker.Ask<object>(BrokerActor.AwaitStart.Instance);
        await Task.WhenAny(started, _ended.Task).ConfigureAwait(false);
        var outcome = started.IsCompletedSuccessfully ? await started.ConfigureAwait(false) : null;
        switch (outcome)
        {
            case ListenersActor.AllListening listening:
                error.TryWriteLine(ProductVersions.StartLine(listening.Paths));
                break;
            case ListenersActor.StartFailed failed:
                error.TryWriteLine($"udsbroker: {failed.Cause.Message}");
                return ExitCode.CannotStart;
            default:
                return ExitCode.CannotStart; // the tree is gone, and its log says why
        }

        await Task.WhenAny(_ended.Task, StopRequested()).ConfigureAwait(false);
        if (_ended.Task.IsCompleted && await _ended.Task.ConfigureAwait(false) == BrokerEnd.Drained) return ExitCode.Clean;
        return Signals.IsStopRequested ? ExitCode.Clean : ExitCode.Fault;
    }

    private Task StopRequested()
    {
        var requested = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(requested.SetResult);
        return requested.Task;
    }

    private void StartTree(ActorSystem system, IActorRegistry registry, DescriptorBudget budget)
    {
        system.ActorOf(RuntimeLogActor.Props(_logger), "log");
        var context = new BrokerContext(_settings, budget, ProductVersions.Broker, _logger);
        _broker = system.ActorOf(BrokerActor.Props(context, _ended), "broker");
        registry.Register<BrokerActor>(_broker);
        CoordinatedShutdown.Get(system).AddTask(DrainPhase, "drain-connections", DrainAsync);
    }

    // Bounded by the phase's timeout, which outlasts the grace period; a tree that has already ended has nothing to drain.
    private async Task<Done> DrainAsync()
    {
        var drain = new BrokerActor.Drain(CloseReason.BrokerShutdown, "the broker is shutting down");
        await Task.WhenAny(_broker.Ask<object>(drain), _ended.Task).ConfigureAwait(false);
        return Done.Instance;
    }

    private static Config WithDrainTimeout(Config config, ShutdownSettings shutdown) => ConfigurationFactory
        .ParseString($"akka.coordinated-shutdown.phases.{DrainPhase}.timeout = {(long)(shutdown.GracePeriod + Margin).TotalMilliseconds}ms")
        .WithFallback(config);
}
