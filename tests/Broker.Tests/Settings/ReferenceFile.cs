using Akka.Configuration.Hocon;
using UdsBroker.Broker.Settings;

namespace UdsBroker.Broker.Tests.Settings;

/// <summary>The reference file as people read it: every key of the broker with the prose above it.</summary>
internal static class ReferenceFile
{
    /// <summary>Every key outside the actor runtime's own blocks.</summary>
    internal static IEnumerable<string> Keys() =>
        KeysOf(SettingsLayers.Root, SettingsLayers.Reference.GetValue(SettingsLayers.Root)).Where(key => !key.StartsWith("udsbroker.dispatcher.", StringComparison.Ordinal));

    /// <summary>Its lines.</summary>
    internal static string[] Lines()
    {
        using var stream = typeof(SettingsLayers).Assembly.GetManifestResourceStream("udsbroker.reference.conf")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n');
    }

    /// <summary>Each of those keys with its prose on one line and its default as it is written; keys below each other share what stands above the first.</summary>
    internal static IEnumerable<(string Key, string Prose, string Value)> Entries()
    {
        var blocks = new Stack<string>();
        var prose = new List<string>();
        foreach (var line in Lines().Select(line => line.Trim()))
        {
            if (line.StartsWith('#')) prose.Add(line.TrimStart('#').Trim());
            else if (line.EndsWith('{')) blocks.Push(line[..^1].Trim());
            else if (line == "}") blocks.Pop();
            else if (blocks.Contains(SettingsLayers.Root) && !blocks.Contains("dispatcher") && line.Split(" = ", 2) is [var name, var value]) yield return ($"{string.Join('.', blocks.Reverse())}.{name}", string.Join(' ', prose), value);
            if (line.Length == 0 || line.EndsWith('{')) prose.Clear();
        }
    }

    private static IEnumerable<string> KeysOf(string path, HoconValue value) =>
        value.IsObject()
            ? value.GetObject().Items.SelectMany(item => KeysOf($"{path}.{item.Key}", item.Value))
            : [path];
}
