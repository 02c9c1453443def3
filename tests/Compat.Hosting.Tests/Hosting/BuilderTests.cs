using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace UdsBroker.Compat.Hosting.Tests.Hosting;

/// <summary>How configuration and setups reach the actor system.</summary>
public class BuilderTests
{
    [Theory]
    [InlineData(HoconAddMode.Append, 1)]
    [InlineData(HoconAddMode.Prepend, 2)]
    [InlineData(HoconAddMode.Replace, 2)]
    public async Task Configuration_is_added_below_or_above_what_is_there(HoconAddMode mode, int expected)
        => await TestHost.Run(
            akka => akka.AddHocon("test { x = 1, y = 1 }", HoconAddMode.Append).AddHocon("test { x = 2, z = 3 }", mode),
            host =>
            {
                var config = host.Services.GetRequiredService<ActorSystem>().Settings.Config;
                Assert.Equal([expected, 1, 3], new[] { config.GetInt("test.x"), config.GetInt("test.y"), config.GetInt("test.z") });
                Assert.True(config.HasPath("akka.coordinated-shutdown.phases"));
                return Task.CompletedTask;
            });

    [Fact]
    public async Task A_file_is_configuration_too()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "test.from-file = yes # it is\n", TestContext.Current.CancellationToken);
        try
        {
            await TestHost.Run(akka => akka.AddHoconFile(path, HoconAddMode.Prepend), host =>
            {
                Assert.Equal("yes", host.Services.GetRequiredService<ActorSystem>().Settings.Config.GetString("test.from-file"));
                return Task.CompletedTask;
            });
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task The_ask_timeout_is_configuration()
        => await TestHost.Run(akka => akka.WithActorAskTimeout(TimeSpan.FromMilliseconds(1500)), host =>
        {
            var config = host.Services.GetRequiredService<ActorSystem>().Settings.Config;
            Assert.Equal(TimeSpan.FromMilliseconds(1500), config.GetTimeSpan("akka.actor.ask-timeout"));
            return Task.CompletedTask;
        });

    [Fact]
    public async Task A_setup_reaches_the_actor_system_and_a_bootstrap_setup_brings_configuration()
        => await TestHost.Run(
            akka => akka
                .AddSetup(new NameSetup("broker"))
                .AddSetup(BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString("test.boot = 7"))),
            host =>
            {
                var settings = host.Services.GetRequiredService<ActorSystem>().Settings;
                Assert.Equal("broker", settings.Setup.Get<NameSetup>().Value.Name);
                Assert.Equal(7, settings.Config.GetInt("test.boot"));
                return Task.CompletedTask;
            });

    [Fact]
    public async Task The_configuration_sees_the_services_of_the_host()
    {
        using var host = TestHost.Build(
            (akka, provider) => akka.AddHocon($"test.name = {provider.GetRequiredService<NameSetup>().Name}", HoconAddMode.Prepend),
            services => services.AddSingleton(new NameSetup("from services")));
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal("from services", host.Services.GetRequiredService<ActorSystem>().Settings.Config.GetString("test.name"));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_is_added_after_the_start_is_ignored()
        => await TestHost.Run(_ => { }, host =>
        {
            var builder = host.Services.GetRequiredService<AkkaConfigurationBuilder>();
            builder.AddHocon("test.late = 1", HoconAddMode.Prepend);
            Assert.False(builder.Configuration.Value.HasPath("test.late"));
            return Task.CompletedTask;
        });

    private sealed class NameSetup(string name) : Setup
    {
        internal string Name { get; } = name;
    }
}
