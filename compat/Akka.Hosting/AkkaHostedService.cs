using System.Runtime.ExceptionServices;
using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting;

/// <summary>
/// Ties the actor system to the host. The start of the host makes the system and starts its actors; the stop of the host runs the
/// coordinated shutdown; the end of the system stops the host.
/// </summary>
public class AkkaHostedService : IHostedService
{
    private static readonly TimeSpan FailedStartGrace = TimeSpan.FromSeconds(3);

    private static readonly Action<ILogger, Exception?> StartFailed = LoggerMessage.Define(
        LogLevel.Critical,
        default,
        "The actor system could not be started; the application ends");

    /// <summary>The actor system; null before the start.</summary>
    protected ActorSystem? ActorSystem;

    /// <summary>The coordinated shutdown of the actor system; null before the start.</summary>
    protected CoordinatedShutdown? CoordinatedShutdown;

    /// <summary>The services of the host.</summary>
    protected readonly IServiceProvider ServiceProvider;

    /// <summary>What the actor system is made of.</summary>
    protected readonly AkkaConfigurationBuilder ConfigurationBuilder;

    /// <summary>The lifetime of the host; null if it has none.</summary>
    protected readonly IHostApplicationLifetime? HostApplicationLifetime;

    /// <summary>Where a start that fails is logged.</summary>
    protected readonly ILogger<AkkaHostedService> Logger;

    public AkkaHostedService(
        AkkaConfigurationBuilder configurationBuilder,
        IServiceProvider serviceProvider,
        ILogger<AkkaHostedService> logger,
        IHostApplicationLifetime? applicationLifetime)
    {
        ConfigurationBuilder = configurationBuilder;
        ServiceProvider = serviceProvider;
        Logger = logger;
        HostApplicationLifetime = applicationLifetime;
    }

    /// <summary>Makes the actor system and starts its actors. If that fails, the system is shut down before the exception leaves.</summary>
    public virtual async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            ActorSystem = ServiceProvider.GetRequiredService<ActorSystem>();
            CoordinatedShutdown = CoordinatedShutdown.Get(ActorSystem);
            await ConfigurationBuilder.StartAsync(ActorSystem).ConfigureAwait(false);
            _ = StopHostWithActorSystemAsync(ActorSystem);
        }
        catch (Exception failure)
        {
            StartFailed(Logger, failure);
            Console.WriteLine($"The actor system could not be started; the application ends.\nCause: {failure}");
            using var grace = new CancellationTokenSource(FailedStartGrace);
            await StopAsync(grace.Token).ConfigureAwait(false);
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Runs the coordinated shutdown and waits for it. The token is not heeded: the phases have time limits of their own.</summary>
    public virtual Task StopAsync(CancellationToken cancellationToken)
        => CoordinatedShutdown == null ? Task.CompletedTask : CoordinatedShutdown.Run(CoordinatedShutdown.ClrExitReason.Instance);

    private async Task StopHostWithActorSystemAsync(ActorSystem system)
    {
        await system.WhenTerminated.ConfigureAwait(false);
        HostApplicationLifetime?.StopApplication();
    }
}
