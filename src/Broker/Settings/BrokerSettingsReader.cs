using Akka.Configuration;
using Microsoft.Extensions.Logging;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Settings;

/// <summary>
/// Turns the settings tree into <see cref="BrokerSettings"/>: every key with its type and range, in the order of the reference file. The
/// ranges are written here and in that file's prose, which a test compares; the defaults in that file alone.
/// </summary>
public static class BrokerSettingsReader
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Reads and checks all settings.</summary>
    /// <param name="config">The layered settings, from <see cref="SettingsLayers.Load"/>.</param>
    /// <exception cref="SettingsException">The first setting that is wrong or unknown.</exception>
    public static BrokerSettings Read(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var root = new SettingsSection(SettingsLayers.Root, config.GetValue(SettingsLayers.Root));
        var settings = new BrokerSettings
        {
            Listeners = ListenerSettingsReader.Read(root),
            Limits = ReadLimits(root),
            Access = AccessSettingsReader.Read(root),
            Connections = LoadSettingsReader.ReadConnections(root),
            Users = LoadSettingsReader.ReadUsers(root),
            Memory = LoadSettingsReader.ReadMemory(root),
            KeepAlive = ReadKeepAlive(root),
            Receive = ReadReceive(root),
            Outbound = ReadOutbound(root),
            Subscriptions = ReadSubscriptions(root),
            Retained = KeptSettingsReader.ReadRetained(root),
            Delayed = KeptSettingsReader.ReadDelayed(root),
            System = ReadSystem(root),
            Requests = ReadRequests(root),
            Shutdown = ReadShutdown(root),
            Log = ReadLog(root),
        };
        root.Skip("dispatcher"); // read by the actor runtime
        root.Close();
        return settings;
    }

    private static Limits ReadLimits(SettingsSection root)
    {
        var section = root.Section("limits");
        var (floor, ceiling) = (Limits.Floor, Limits.Ceiling);
        var limits = new Limits
        {
            MaxPayloadBytes = (int)section.Size("max-payload", floor.MaxPayloadBytes, ceiling.MaxPayloadBytes),
            MaxSubjectBytes = (int)section.Size("max-subject", floor.MaxSubjectBytes, ceiling.MaxSubjectBytes),
            MaxTokens = section.Number("max-tokens", floor.MaxTokens, ceiling.MaxTokens),
            MaxHeaders = section.Number("max-headers", floor.MaxHeaders, ceiling.MaxHeaders),
            MaxHeaderBytes = (int)section.Size("max-header-size", floor.MaxHeaderBytes, ceiling.MaxHeaderBytes),
            MaxSubscriptions = section.Number("max-subscriptions", floor.MaxSubscriptions, ceiling.MaxSubscriptions),
            MaxHelloBytes = (int)section.Size("max-hello", floor.MaxHelloBytes, ceiling.MaxHelloBytes),
            MaxControlFrameBytes = (int)section.Size("max-control-frame", floor.MaxControlFrameBytes, ceiling.MaxControlFrameBytes),
            MaxElements = section.Number("max-elements", floor.MaxElements, ceiling.MaxElements),
            MaxDepth = section.Number("max-depth", floor.MaxDepth, ceiling.MaxDepth),
        };

        // An ERROR quotes a subject twice, in its sentence and in its context, and the reply subject; clients hold it to the same limit.
        var longestError = (3 * limits.MaxSubjectBytes) + 1024;
        if (limits.MaxControlFrameBytes < longestError)
        {
            throw SettingsException.Wrong(
                section.KeyOf("max-control-frame"),
                section.Text("max-control-frame"),
                $"at least {SettingsText.Size(longestError)}: three times {section.KeyOf("max-subject")} and 1 KiB");
        }

        section.Close();
        return limits;
    }

    private static KeepAliveSettings ReadKeepAlive(SettingsSection root)
    {
        var section = root.Section("keep-alive");
        var settings = new KeepAliveSettings(
            section.Duration("ping-interval", TimeSpan.FromMilliseconds(100), Hour),
            section.Number("stale-after", 1, 100));
        section.Close();
        return settings;
    }

    private static ReceiveSettings ReadReceive(SettingsSection root)
    {
        var section = root.Section("receive");
        var settings = new ReceiveSettings(
            (int)section.Size("buffer-size", 4 << 10, 16 << 20),
            section.Duration("spin-limit", TimeSpan.Zero, TimeSpan.FromMilliseconds(1)));
        section.Close();
        return settings;
    }

    private static OutboundSettings ReadOutbound(SettingsSection root)
    {
        var section = root.Section("outbound");
        var settings = new OutboundSettings(
            section.Size("high-watermark", 4 << 10, 1 << 30),
            section.Size("low-watermark", 1 << 10, 1 << 30));
        if (settings.LowWatermark >= settings.HighWatermark)
        {
            throw SettingsException.Wrong(
                section.KeyOf("low-watermark"),
                section.Text("low-watermark"),
                $"less than {section.KeyOf("high-watermark")}, which is {SettingsText.Size(settings.HighWatermark)}");
        }

        section.Close();
        return settings;
    }

    private static SubscriptionSettings ReadSubscriptions(SettingsSection root)
    {
        var section = root.Section("subscriptions");
        var settings = new SubscriptionSettings(
            section.Size("max-pending", 1 << 10, 4L << 30),
            section.Number("max-pending-messages", 1, 1_000_000_000),
            section.Duration("stall-timeout", TimeSpan.FromMilliseconds(10), Hour));
        section.Close();
        return settings;
    }

    private static SystemSettings ReadSystem(SettingsSection root)
    {
        var section = root.Section("system");
        var settings = new SystemSettings(section.Duration("statistics-interval", TimeSpan.Zero, Hour));
        section.Close();
        return settings;
    }

    private static RequestSettings ReadRequests(SettingsSection root)
    {
        var section = root.Section("requests");
        var settings = new RequestSettings(section.Number("max-open", 0, 1_000_000));
        section.Close();
        return settings;
    }

    private static ShutdownSettings ReadShutdown(SettingsSection root)
    {
        var section = root.Section("shutdown");
        var settings = new ShutdownSettings(
            section.Duration("grace-period", TimeSpan.Zero, TimeSpan.FromMinutes(10)),
            section.Duration("lame-duck-period", TimeSpan.Zero, Hour));
        section.Close();
        return settings;
    }

    private static LogSettings ReadLog(SettingsSection root)
    {
        var section = root.Section("log");
        var settings = new LogSettings(section.Choice(
            "level",
            ("debug", LogLevel.Debug),
            ("information", LogLevel.Information),
            ("warning", LogLevel.Warning),
            ("error", LogLevel.Error),
            ("none", LogLevel.None)));
        section.Close();
        return settings;
    }
}
