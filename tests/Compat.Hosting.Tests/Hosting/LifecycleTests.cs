using Akka;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace UdsBroker.Compat.Hosting.Tests.Hosting;

/// <summary>The actor system lives as long as the host, and the host as long as the actor system.</summary>
public class LifecycleTests
{
    [Fact]
    public async Task Starters_run_in_order_and_startup_tasks_after_them()
    {
        var order = new List<string>();
        await TestHost.Run(
            akka => akka
                .AddStartup((system, _) => order.Add($"startup of {system.Name}"))
                .WithActors(async (_, _) =>
                {
                    await Task.Yield();
                    order.Add("first, awaited");
                })
                .StartActors((_, _) => order.Add("second"))
                .AddStartup(async (_, _) =>
                {
                    await Task.Yield();
                    order.Add("last");
                })
                .WithActors((_, _) => order.Add("third")),
            host =>
            {
                Assert.Equal(["first, awaited", "second", "third", "startup of test", "last"], order);
                Assert.Equal("test", host.Services.GetRequiredService<ActorSystem>().Name);
                return Task.CompletedTask;
            });
    }

    [Fact]
    public async Task Actors_answer_while_the_host_runs()
        => await TestHost.Run(
            akka => akka.WithActors((system, registry) => registry.Register<EchoActor>(system.ActorOf(EchoActor.Props, "echo"))),
            async host =>
            {
                var echo = host.Services.GetRequiredService<IRequiredActor<EchoActor>>().ActorRef;
                Assert.Equal("akka://test/user/echo", echo.Path.ToString());
                Assert.Equal("hello", await echo.Ask<string>("hello", TestHost.Patience, TestContext.Current.CancellationToken));
            });

    [Fact]
    public async Task Stopping_the_host_runs_the_coordinated_shutdown_and_waits_for_it()
    {
        var phases = new List<string>();
        using var host = TestHost.Build(akka => akka.AddStartup((system, _) =>
        {
            var shutdown = CoordinatedShutdown.Get(system);
            shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "stop", async () =>
            {
                await Task.Yield();
                phases.Add("stop");
                return Done.Instance;
            });
            shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "unbind", () =>
            {
                phases.Add($"unbind because of {shutdown.ShutdownReason.GetType().Name}");
                return Task.FromResult(Done.Instance);
            });
        }));
        await host.StartAsync(TestContext.Current.CancellationToken);
        var actors = host.Services.GetRequiredService<ActorSystem>();

        await host.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(actors.WhenTerminated.IsCompletedSuccessfully);
        Assert.Equal(["unbind because of ClrExitReason", "stop"], phases);
    }

    [Fact]
    public async Task The_end_of_the_actor_system_stops_the_host()
        => await TestHost.Run(
            akka => akka.WithActors((system, _) => system.ActorOf(EchoActor.Props)),
            async host =>
            {
                var stopping = new TaskCompletionSource();
                using var registration = host.Services.GetRequiredService<IHostApplicationLifetime>()
                    .ApplicationStopping.Register(stopping.SetResult);

                await host.Services.GetRequiredService<ActorSystem>().Terminate();

                await stopping.Task.WaitAsync(TestHost.Patience, TestContext.Current.CancellationToken);
            });

    [Fact]
    public async Task A_starter_that_throws_fails_the_start_of_the_host_and_ends_the_actor_system()
    {
        ActorSystem? actors = null;
        var later = false;
        using var host = TestHost.Build(akka => akka
            .WithActors((system, _) =>
            {
                actors = system;
                throw new InvalidOperationException("no socket");
            })
            .WithActors((_, _) => later = true));

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal("no socket", thrown.Message);
        Assert.False(later);
        await actors!.WhenTerminated.WaitAsync(TestHost.Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_configuration_that_throws_fails_the_start_of_the_host()
    {
        using var host = TestHost.Build(_ => throw new ArgumentException("wrong key"));
        Assert.Equal("wrong key", (await Assert.ThrowsAsync<ArgumentException>(
            () => host.StartAsync(TestContext.Current.CancellationToken))).Message);
    }

    [Fact]
    public async Task The_hosted_service_can_be_derived_from()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddAkka<RecordingService>("derived", (akka, _) => akka.AddHocon("akka.loglevel = OFF, akka.stdout-loglevel = OFF", HoconAddMode.Prepend));
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var service = Assert.IsType<RecordingService>(host.Services.GetRequiredService<IHostedService>());
        await host.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["started derived", "stopped"], service.Seen);
    }

    /// <summary>Writes down what it is asked to do.</summary>
    private sealed class RecordingService(
        AkkaConfigurationBuilder configurationBuilder,
        IServiceProvider serviceProvider,
        ILogger<AkkaHostedService> logger,
        IHostApplicationLifetime applicationLifetime)
        : AkkaHostedService(configurationBuilder, serviceProvider, logger, applicationLifetime)
    {
        internal List<string> Seen { get; } = [];

        public override async Task StartAsync(CancellationToken cancellationToken)
        {
            await base.StartAsync(cancellationToken);
            Seen.Add($"started {ActorSystem!.Name}");
        }

        public override async Task StopAsync(CancellationToken cancellationToken)
        {
            await base.StopAsync(cancellationToken);
            Seen.Add("stopped");
        }
    }
}
