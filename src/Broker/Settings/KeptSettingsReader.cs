namespace UdsBroker.Broker.Settings;

/// <summary>Reads how many retained and delayed messages the broker keeps: in total, and for each user.</summary>
internal static class KeptSettingsReader
{
    private const int MaxMessages = 100_000_000;
    private const long MaxBytes = 1L << 40;

    private static readonly TimeSpan Month = TimeSpan.FromHours(24 * 30);

    /// <summary>Reads <c>udsbroker.retained</c>.</summary>
    public static RetainedSettings ReadRetained(SettingsSection root)
    {
        var section = root.Section("retained");
        var settings = new RetainedSettings(section.Number("max-messages", 0, MaxMessages), section.Size("max-bytes", 0, MaxBytes));
        section.Close();
        return settings;
    }

    /// <summary>Reads what one user may have in a store, from <c>udsbroker.users</c>.</summary>
    public static UserKeptSettings ReadOfUser(SettingsSection users, string store) =>
        new(users.Number($"max-{store}-messages", 0, MaxMessages), users.Size($"max-{store}", 0, MaxBytes));

    /// <summary>Reads <c>udsbroker.delayed</c>.</summary>
    public static DelayedSettings ReadDelayed(SettingsSection root)
    {
        var section = root.Section("delayed");
        var settings = new DelayedSettings(
            section.Number("max-messages", 0, MaxMessages),
            section.Size("max-bytes", 0, MaxBytes),
            section.Duration("max-delay", TimeSpan.Zero, Month));
        section.Close();
        return settings;
    }
}
