using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Hosting.Logging;
using Akka.Util;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting;

/// <summary>
/// Collects what an actor system is to be made of, makes it, and starts its actors. Once they are being started, whatever is added is
/// ignored.
/// </summary>
public sealed class AkkaConfigurationBuilder
{
    /// <summary>The setups for the actor system.</summary>
    public readonly HashSet<Setup> Setups = [];

    private readonly IServiceCollection _services;
    private readonly string _actorSystemName;
    private readonly List<ActorStarter> _starters = [];
    private readonly List<StartupTask> _startupTasks = [];
    private bool _complete;

    /// <summary>For <c>AddAkka</c>, which is what callers want.</summary>
    public AkkaConfigurationBuilder(IServiceCollection serviceCollection, string actorSystemName)
    {
        _services = serviceCollection;
        _actorSystemName = actorSystemName;
    }

    /// <summary>The configuration so far.</summary>
    public Option<Config> Configuration { get; private set; } = Option<Config>.None;

    /// <summary>Adds a starter; starters run in the order in which they were added.</summary>
    public AkkaConfigurationBuilder StartActors(Action<ActorSystem, IActorRegistry> starter)
        => StartActors((system, registry) =>
        {
            starter(system, registry);
            return Task.CompletedTask;
        });

    /// <summary>Adds a starter; starters run in the order in which they were added, each awaited.</summary>
    public AkkaConfigurationBuilder StartActors(ActorStarter starter)
    {
        if (!_complete)
            _starters.Add(starter);
        return this;
    }

    /// <summary>Adds a task for when all starters are done; these run in the order in which they were added.</summary>
    public AkkaConfigurationBuilder AddStartup(Action<ActorSystem, IActorRegistry> startupTask)
        => AddStartup((system, registry) =>
        {
            startupTask(system, registry);
            return Task.CompletedTask;
        });

    /// <summary>Adds a task for when all starters are done; these run in the order in which they were added, each awaited.</summary>
    public AkkaConfigurationBuilder AddStartup(StartupTask startupTask)
    {
        if (!_complete)
            _startupTasks.Add(startupTask);
        return this;
    }

    internal AkkaConfigurationBuilder AddSetup(Setup setup)
    {
        if (_complete)
            return this;
        if (setup is not BootstrapSetup bootstrap)
            Setups.Add(setup);
        else if (bootstrap.Config.HasValue)
            AddHoconConfiguration(bootstrap.Config.Value, HoconAddMode.Prepend);
        return this;
    }

    internal AkkaConfigurationBuilder AddHoconConfiguration(Config hocon, HoconAddMode addMode)
    {
        ArgumentNullException.ThrowIfNull(hocon);
        if (_complete)
            return this;
        var present = Configuration.GetOrElse(Config.Empty);
        Configuration = addMode switch
        {
            HoconAddMode.Append => present.WithFallback(hocon),
            HoconAddMode.Prepend or HoconAddMode.Replace => hocon.SafeWithFallback(present),
            _ => throw new ArgumentOutOfRangeException(nameof(addMode), addMode, null),
        };
        return this;
    }

    internal void Bind()
    {
        _services.AddSingleton(CreateActorSystem);
        _services.AddSingleton(provider => ActorRegistry.For(provider.GetRequiredService<ActorSystem>()));
        _services.AddSingleton<IActorRegistry>(provider => provider.GetRequiredService<ActorRegistry>());
        _services.AddSingleton<IReadOnlyActorRegistry>(provider => provider.GetRequiredService<ActorRegistry>());
        _services.AddSingleton(typeof(IRequiredActor<>), typeof(RequiredActor<>));
    }

    internal async Task StartAsync(ActorSystem system)
    {
        if (_complete)
            return;
        _complete = true;
        var registry = ActorRegistry.For(system);
        foreach (var starter in _starters)
            await starter(system, registry).ConfigureAwait(false);
        foreach (var startupTask in _startupTasks)
            await startupTask(system, registry).ConfigureAwait(false);
    }

    /// <remarks>The builder is asked of the services, not taken from here: asking is what runs the caller's configuration.</remarks>
    private static ActorSystem CreateActorSystem(IServiceProvider provider)
        => provider.GetRequiredService<AkkaConfigurationBuilder>().CreateActorSystem(provider.GetService<ILoggerFactory>());

    private ActorSystem CreateActorSystem(ILoggerFactory? loggers)
    {
        if (loggers != null && !Setups.OfType<LoggerFactorySetup>().Any())
            AddSetup(new LoggerFactorySetup(loggers));

        var all = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(Configuration.GetOrElse(Config.Empty)));
        foreach (var setup in Setups)
            all = all.And(setup);
        return ActorSystem.Create(_actorSystemName, all);
    }
}
