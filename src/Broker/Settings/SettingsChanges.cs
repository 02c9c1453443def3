using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace UdsBroker.Broker.Settings;

/// <summary>
/// Knows which settings a reload applies while the broker runs, and finds changed ones that need a restart, so that the operator is told
/// that they are not in force. Settings are compared as they are written.
/// </summary>
internal static class SettingsChanges
{
    /// <summary>The sections that a reload reads.</summary>
    internal static readonly IReadOnlyList<string> Reloaded = [.. new[] { "access", "users", "retained", "delayed", "log" }.Select(section => $"{SettingsLayers.Root}.{section}")];

    /// <summary>The full keys of all settings that differ and that a reload does not read, sorted.</summary>
    /// <param name="started">The settings that the broker was started with.</param>
    /// <param name="read">The reloaded ones.</param>
    internal static IReadOnlyList<string> ThatNeedRestart(Config started, Config read)
    {
        var (before, after) = (Flatten(started), Flatten(read));
        return [.. before.Keys.Union(after.Keys).Where(key => !IsReloaded(key) && before.GetValueOrDefault(key) != after.GetValueOrDefault(key)).Order(StringComparer.Ordinal)];
    }

    private static bool IsReloaded(string key) => Reloaded.Any(section => key.StartsWith($"{section}.", StringComparison.Ordinal));

    private static Dictionary<string, string> Flatten(Config config)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var root in (string[])[SettingsLayers.Root, "akka"]) Add(settings, root, config.GetValue(root));
        return settings;
    }

    private static void Add(Dictionary<string, string> settings, string key, HoconValue? value)
    {
        if (value is null) return;
        if (!value.IsObject())
        {
            settings[key] = value.ToString();
            return;
        }

        foreach (var (name, inner) in value.GetObject().Items) Add(settings, $"{key}.{name}", inner);
    }
}
