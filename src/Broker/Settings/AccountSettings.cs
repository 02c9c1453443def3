using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Settings;

/// <summary>
/// Reads users and groups in settings, by name or number, and resolves them: an unknown name is a wrong setting, and so is 65534 (the
/// account nobody), because the kernel uses that number for users that it cannot name.
/// </summary>
internal static class AccountSettings
{
    /// <summary>A user or group by name or number; null for an empty text.</summary>
    internal static uint? ReadOne(SettingsSection section, string key, Func<string, uint?> find)
    {
        var text = section.Text(key);
        return text.Length == 0 ? null : Check(section, key, text, SettingsText.ParseId(text) ?? Find(section, key, text, find));
    }

    /// <summary>Names, one or a list; null when the key is not there.</summary>
    internal static IReadOnlyList<uint>? ReadNames(SettingsSection section, string key, Func<string, uint?> find) =>
        section.Has(key) ? [.. section.Texts(key).Select(name => Check(section, key, name, Find(section, key, name, find)))] : null;

    /// <summary>Numbers, one or a list; null when the key is not there.</summary>
    /// <param name="section">Where.</param>
    /// <param name="key">The key.</param>
    /// <param name="words">Words that stand for a number; null stands for users that the kernel cannot name.</param>
    /// <param name="isUnknown">Whether that word was among them.</param>
    internal static IReadOnlyList<uint>? ReadNumbers(SettingsSection section, string key, IReadOnlyDictionary<string, uint?> words, out bool isUnknown)
    {
        isUnknown = false;
        if (!section.Has(key)) return null;
        var ids = new List<uint>();
        foreach (var text in section.Texts(key))
        {
            if (!words.TryGetValue(text, out var meant)) ids.Add(Check(section, key, text, SettingsText.ParseId(text) ?? throw Wrong(section, key, text, words)));
            else if (meant is { } id) ids.Add(id);
            else isUnknown = true;
        }

        return ids;
    }

    private static uint Find(SettingsSection section, string key, string name, Func<string, uint?> find) =>
        find(name) ?? throw SettingsException.Wrong(section.KeyOf(key), name, $"a {(key == "owner" ? "user" : key)} of this machine");

    private static uint Check(SettingsSection section, string key, string text, uint id) => PeerCredentials.Known(id)
        ?? throw SettingsException.Wrong(section.KeyOf(key), text, $"another one: {id} stands for whoever the kernel cannot name");

    private static SettingsException Wrong(SettingsSection section, string key, string text, IReadOnlyDictionary<string, uint?> words) =>
        SettingsException.Wrong(section.KeyOf(key), text, string.Join(" or ", words.Keys.Prepend("a number")));
}
