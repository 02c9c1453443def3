using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Akka.Hosting;

/// <summary>Puts an actor system into a generic host: it starts with the host, and each ends the other.</summary>
public static class AkkaHostingExtensions
{
    /// <summary>Adds an actor system. See <see cref="AddAkka{T}"/>.</summary>
    public static IServiceCollection AddAkka(this IServiceCollection services, string actorSystemName, Action<AkkaConfigurationBuilder> builder)
        => services.AddAkka(actorSystemName, (configuration, _) => builder(configuration));

    /// <summary>Adds an actor system. See <see cref="AddAkka{T}"/>.</summary>
    public static IServiceCollection AddAkka(
        this IServiceCollection services,
        string actorSystemName,
        Action<AkkaConfigurationBuilder, IServiceProvider> builder)
        => services.AddAkka<AkkaHostedService>(actorSystemName, builder);

    /// <summary>
    /// Adds an actor system with a hosted service of the caller's. As services there are then: the <see cref="ActorSystem"/>, its
    /// <see cref="ActorRegistry"/> under all its interfaces, and <see cref="IRequiredActor{TActor}"/>.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="actorSystemName">The name of the actor system.</param>
    /// <param name="builder">Configures the system; runs once, when the host starts, and what it throws fails that start.</param>
    public static IServiceCollection AddAkka<T>(
        this IServiceCollection services,
        string actorSystemName,
        Action<AkkaConfigurationBuilder, IServiceProvider> builder)
        where T : AkkaHostedService
    {
        var configuration = new AkkaConfigurationBuilder(services, actorSystemName);
        services.AddSingleton(provider =>
        {
            builder(configuration, provider);
            return configuration;
        });
        configuration.Bind();
        services.AddHostedService<T>();
        return services;
    }

    /// <summary>Hands a setup to the actor system. The configuration in a <see cref="BootstrapSetup"/> goes above what is there.</summary>
    public static AkkaConfigurationBuilder AddSetup(this AkkaConfigurationBuilder builder, Setup setup) => builder.AddSetup(setup);

    /// <summary>Adds configuration.</summary>
    public static AkkaConfigurationBuilder AddHocon(this AkkaConfigurationBuilder builder, Config hocon, HoconAddMode addMode)
        => builder.AddHoconConfiguration(hocon, addMode);

    /// <summary>Adds the configuration in a file.</summary>
    public static AkkaConfigurationBuilder AddHoconFile(this AkkaConfigurationBuilder builder, string hoconFilePath, HoconAddMode addMode)
        => builder.AddHoconConfiguration(ConfigurationFactory.ParseString(File.ReadAllText(hoconFilePath)), addMode);

    /// <summary>Sets how long an Ask waits that names no time itself; zero or less is for ever.</summary>
    public static AkkaConfigurationBuilder WithActorAskTimeout(this AkkaConfigurationBuilder builder, TimeSpan timeout)
    {
        var text = timeout <= TimeSpan.Zero ? "infinite" : FormattableString.Invariant($"{timeout.TotalMilliseconds}");
        return builder.AddHoconConfiguration($"akka.actor.ask-timeout = {text}", HoconAddMode.Prepend);
    }

    /// <summary>Adds a starter of actors, see <see cref="AkkaConfigurationBuilder.StartActors(ActorStarter)"/>.</summary>
    public static AkkaConfigurationBuilder WithActors(this AkkaConfigurationBuilder builder, Action<ActorSystem, IActorRegistry> actorStarter)
        => builder.StartActors(actorStarter);

    /// <summary>Adds a starter of actors, see <see cref="AkkaConfigurationBuilder.StartActors(ActorStarter)"/>.</summary>
    public static AkkaConfigurationBuilder WithActors(this AkkaConfigurationBuilder builder, ActorStarter actorStarter)
        => builder.StartActors(actorStarter);
}
