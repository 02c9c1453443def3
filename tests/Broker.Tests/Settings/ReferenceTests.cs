using Microsoft.Extensions.Logging;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Settings;

/// <summary>The reference file is complete and read completely: every key has a default, every default a reader, every reader its range.</summary>
public class ReferenceTests
{
    /// <summary>Every key of the reference file outside the actor runtime's own blocks.</summary>
    public static TheoryData<string> Keys
    {
        get
        {
            var keys = new TheoryData<string>();
            foreach (var key in ReferenceFile.Keys())
                keys.Add(key);
            return keys;
        }
    }

    [Fact]
    public void The_defaults_are_those_of_the_specification()
    {
        var settings = Read();

        Assert.Equal(new ConnectionSettings(0, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.Zero, 0), settings.Connections);
        var kept = new UserKeptSettings(32768, 32 << 20);
        Assert.Equal(new UserSettings(16384, 15000, 262144, 4096, 32, 256 << 20, 0, kept, kept, 131072, 64 << 20), settings.Users);
        Assert.Equal(new MemorySettings(1 << 30, TimeSpan.FromSeconds(1)), settings.Memory);
        Assert.Equal(new KeepAliveSettings(TimeSpan.FromSeconds(30), 2), settings.KeepAlive);
        Assert.Equal(new SubscriptionSettings(8 << 20, 65536, TimeSpan.FromSeconds(2)), settings.Subscriptions);
        Assert.Equal(new RetainedSettings(65536, 64 << 20), settings.Retained);
        Assert.Equal(new DelayedSettings(65536, 64 << 20, TimeSpan.FromHours(24)), settings.Delayed);
        Assert.Equal(new ShutdownSettings(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)), settings.Shutdown);
        Assert.Equal(new SystemSettings(TimeSpan.FromSeconds(10)), settings.System);
        Assert.Equal(new LogSettings(LogLevel.Warning), settings.Log);
        var listener = Assert.Single(settings.Listeners);
        Assert.Equal(("main", UnixSocketType.Stream, ListenerProtocol.Udsb), (listener.Name, listener.Type, listener.Protocol));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, listener.Mode);
        Assert.Equal(DefaultSocket.OfThisProcess().Path, listener.Path);
    }

    [Fact]
    public void The_limits_are_those_that_a_peer_may_count_on_before_welcome() => Assert.Equal(Limits.Default, Read().Limits);

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_key_is_read_and_refuses_nonsense_by_its_name(string key)
    {
        if (key is "udsbroker.listener.path")
            return; // any text is a path

        var failure = Assert.Throws<SettingsException>(() => Read($"{key}=nonsense"));

        Assert.StartsWith($"{key} = nonsense: expected ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_key_is_explained_above_it(string key)
    {
        var lines = ReferenceFile.Lines();
        var name = key[(key.LastIndexOf('.') + 1)..];

        var at = Array.FindIndex(lines, line => line.TrimStart().StartsWith($"{name} = ", StringComparison.Ordinal));

        Assert.True(at > 0, $"{name} is not on a line of its own");
        Assert.True(lines[at - 1].TrimStart().StartsWith('#') || name == "max-pending-messages", $"no prose above {name}");
    }

    [Fact]
    public void The_operators_example_is_valid()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "udsbroker.example.conf");

        var settings = BrokerSettingsReader.Read(SettingsLayers.Load(file, null, []));

        Assert.Equal(["echo", "main"], settings.Listeners.Select(listener => listener.Name));
        Assert.Equal(1 << 20, settings.Limits.MaxPayloadBytes);
    }

    private static BrokerSettings Read(params string[] assignments) => BrokerSettingsReader.Read(SettingsLayers.Load(null, null, assignments));
}
