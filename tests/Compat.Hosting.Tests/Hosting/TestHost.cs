using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace UdsBroker.Compat.Hosting.Tests.Hosting;

/// <summary>A generic host with one actor system in it and nothing else.</summary>
internal static class TestHost
{
    /// <summary>Bounds a wait that would otherwise hang; no test depends on its length.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    internal static IHost Build(Action<AkkaConfigurationBuilder, IServiceProvider> configure, Action<IServiceCollection>? services = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace));
        services?.Invoke(builder.Services);
        builder.Services.AddAkka("test", (akka, provider) =>
        {
            akka.AddHocon("akka.stdout-loglevel = OFF, akka.loglevel = WARNING", HoconAddMode.Append);
            configure(akka, provider);
        });
        return builder.Build();
    }

    internal static IHost Build(Action<AkkaConfigurationBuilder> configure) => Build((akka, _) => configure(akka));

    /// <summary>Starts the host, runs the test, stops the host.</summary>
    internal static async Task Run(Action<AkkaConfigurationBuilder> configure, Func<IHost, Task> test)
    {
        using var host = Build(configure);
        await host.StartAsync(TestContext.Current.CancellationToken);
        try
        {
            await test(host);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }
}
