using Akka.Configuration;

namespace UdsBroker.Compat.Hosting.Tests.Configuration;

/// <summary>Configurations that do not come from a string.</summary>
public class FactoryTests
{
    [Fact]
    public void The_reference_configuration_has_the_defaults_of_the_runtime()
    {
        var config = ConfigurationFactory.Default();

        Assert.Equal("INFO", config.GetString("akka.loglevel"));
        Assert.Equal(30, config.GetInt("akka.actor.default-dispatcher.throughput"));
        Assert.Equal(Timeout.InfiniteTimeSpan, config.GetTimeSpan("akka.actor.ask-timeout"));
        Assert.Equal(TimeSpan.FromSeconds(5), config.GetTimeSpan("akka.coordinated-shutdown.default-phase-timeout"));
        Assert.Equal(
            TimeSpan.FromSeconds(10),
            config.GetTimeSpan("akka.coordinated-shutdown.phases.actor-system-terminate.timeout"));
        Assert.Equal(
            ["before-service-unbind"],
            config.GetStringList("akka.coordinated-shutdown.phases.service-unbind.depends-on"));
        Assert.Equal(
            "akka.actor.mailbox.bounded-queue-based",
            config.GetString("akka.actor.mailbox.requirements.\"Akka.Dispatch.IBoundedMessageQueueSemantics\""));
    }

    [Fact]
    public void A_value_becomes_a_configuration_below_a_key()
    {
        var config = ConfigurationFactory.ParseString("a.b = 1").GetValue("a").AtKey("x");
        Assert.Equal(1, config.GetInt("x.b"));
    }

    [Fact]
    public void A_configuration_exception_names_the_missing_section()
        => Assert.Contains("some.section", ConfigurationException.NullOrEmptyConfig<Config>("some.section").Message, StringComparison.Ordinal);
}
