namespace UdsBroker.Broker.Settings;

/// <summary>Reads the load limits: of one connection, of one user, of all together.</summary>
internal static class LoadSettingsReader
{
    private const long MaxRate = 1L << 40;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Month = TimeSpan.FromHours(24 * 30);

    /// <summary>Reads <c>udsbroker.connections</c>.</summary>
    public static ConnectionSettings ReadConnections(SettingsSection root)
    {
        var section = root.Section("connections");
        var settings = new ConnectionSettings(
            section.Number("max", 0, 1_000_000),
            section.Duration("handshake-timeout", TimeSpan.FromMilliseconds(10), Minute),
            section.Duration("frame-timeout", TimeSpan.FromMilliseconds(100), Hour),
            section.DurationOrZero("idle-timeout", Second, Month),
            section.Size("receive-rate", 0, MaxRate));
        section.Close();
        return settings;
    }

    /// <summary>Reads <c>udsbroker.users</c>.</summary>
    public static UserSettings ReadUsers(SettingsSection root)
    {
        var section = root.Section("users");
        var settings = new UserSettings(
            section.Number("max-connections", 1, 1_000_000),
            section.Number("connect-rate", 0, 1_000_000),
            section.Number("max-subscriptions", 1, 16 << 20),
            section.Number("max-system-subscriptions", 1, 16 << 20),
            section.Number("max-wildcard-shapes", 1, 16 << 20),
            section.Size("max-pending", 64 << 10, 1L << 40),
            section.Size("receive-rate", 0, MaxRate),
            KeptSettingsReader.ReadOfUser(section, "retained"),
            KeptSettingsReader.ReadOfUser(section, "delayed"),
            section.Number("max-open-requests", 0, 16 << 20),
            section.Size("max-routes", 64 << 10, 1L << 40));
        section.Close();
        return settings;
    }

    /// <summary>Reads <c>udsbroker.memory</c>.</summary>
    public static MemorySettings ReadMemory(SettingsSection root)
    {
        var section = root.Section("memory");
        var settings = new MemorySettings(
            section.Size("budget", 1 << 20, 1L << 50),
            section.Duration("shed-grace-period", TimeSpan.FromMilliseconds(10), Minute));
        section.Close();
        return settings;
    }
}
