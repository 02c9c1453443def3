using UdsBroker.Broker.Access;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Settings;

/// <summary>
/// Reads <c>udsbroker.access</c>: the rules in their order, names of users and groups resolved by the user database of this machine.
/// </summary>
internal static class AccessSettingsReader
{
    /// <summary>More rules are probably a mistake, and every subscription is compared with each.</summary>
    private const int MaxRules = 1000;

    private static readonly Dictionary<string, uint?> NoWords = [];
    private static readonly Dictionary<string, uint?> UidWords = new() { ["broker"] = Accounts.EffectiveUid, ["unknown"] = null };

    /// <summary>Reads the rules.</summary>
    internal static AccessSettings Read(SettingsSection root)
    {
        var section = root.Section("access");
        var otherwise = section.Choice(
            "default", ("owner", AccessDefault.Owner), ("allow", AccessDefault.Allow), ("deny", AccessDefault.Deny));
        var blocks = section.Sections("rules");
        if (blocks.Count > MaxRules)
            throw SettingsException.Wrong(section.KeyOf("rules"), $"{blocks.Count} rules", $"at most {MaxRules}");
        var denialLogInterval = section.Duration("denial-log-interval", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        section.Close();
        AccessRule[] rules = [.. blocks.Select((block, index) => ReadRule(block, index + 1))];
        return new AccessSettings(new AccessPolicy(rules, otherwise, Accounts.EffectiveUid), denialLogInterval);
    }

    private static AccessRule ReadRule(SettingsSection block, int number)
    {
        var isAllow = block.Has("allow");
        if (isAllow == block.Has("deny"))
            throw new SettingsException($"{block.Path}: a rule has either allow or deny, with connect, publish, subscribe or all of them");
        var verbs = ReadVerbs(block, isAllow ? "allow" : "deny");
        var who = ReadWho(block);
        var subjects = ReadSubjects(block);
        block.Close();
        return new AccessRule(number, isAllow, verbs, who, subjects, block.Describe());
    }

    private static AccessVerbs ReadVerbs(SettingsSection block, string key)
    {
        var verbs = AccessVerbs.None;
        foreach (var word in block.Texts(key))
        {
            verbs |= word switch
            {
                "connect" => AccessVerbs.Connect,
                "publish" => AccessVerbs.Publish,
                "subscribe" => AccessVerbs.Subscribe,
                "all" => AccessVerbs.All,
                _ => throw SettingsException.Wrong(block.KeyOf(key), word, "connect, publish, subscribe or all"),
            };
        }

        return verbs;
    }

    private static AccessWho ReadWho(SettingsSection block)
    {
        var uids = AccountSettings.ReadNumbers(block, "uid", UidWords, out var isUnknown);
        var gids = AccountSettings.ReadNumbers(block, "gid", NoWords, out _);
        var users = AccountSettings.ReadNames(block, "user", Accounts.FindUser);
        var groups = AccountSettings.ReadNames(block, "group", Accounts.FindGroup);
        if (uids is not null && users is not null) throw new SettingsException($"{block.Path}: give user or uid, not both");
        if (gids is not null && groups is not null) throw new SettingsException($"{block.Path}: give group or gid, not both");
        return new AccessWho(uids ?? users, isUnknown, gids ?? groups, ReadPaths(block), block.Has("unit") ? block.Texts("unit") : null);
    }

    private static IReadOnlyList<string>? ReadPaths(SettingsSection block)
    {
        if (!block.Has("executable")) return null;
        var paths = block.Texts("executable");
        return paths.FirstOrDefault(path => !path.StartsWith('/')) is { } wrong
            ? throw SettingsException.Wrong(block.KeyOf("executable"), wrong, "the full path of a program, as /proc/PID/exe shows it")
            : paths;
    }

    private static SubjectPattern[]? ReadSubjects(SettingsSection block)
    {
        if (!block.Has("subjects")) return null;
        return [.. block.Texts("subjects").Select(text => SubjectPattern.TryParse(text, out var pattern, out var fault, Limits.Ceiling)
            ? pattern
            : throw SettingsException.Wrong(block.KeyOf("subjects"), text, $"a pattern: {fault.Describe(System.Text.Encoding.UTF8.GetBytes(text), Limits.Ceiling)}"))];
    }
}
