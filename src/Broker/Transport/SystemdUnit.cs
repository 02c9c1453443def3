namespace UdsBroker.Broker.Transport;

/// <summary>
/// The unit of the system manager that a process runs in, read from its cgroup path as systemd does: leading slices are skipped, and the
/// first component after them is the unit.
/// </summary>
/// <remarks>
/// The cgroups below that unit belong to the processes in it, which may give them any name. So units of user managers are ignored: all of
/// them are in <c>user@UID.service</c>.
/// </remarks>
internal static class SystemdUnit
{
    private static readonly string[] Suffixes = [".service", ".scope", ".socket", ".mount", ".swap"];

    /// <summary>The unit by the text of /proc/PID/cgroup, cgroups(7): empty when there is none, null when it cannot be known.</summary>
    internal static string? Of(string cgroups)
    {
        string? path = null;
        foreach (var line in cgroups.Split('\n'))
        {
            // hierarchy-ID:controllers:path. Beside a hierarchy of systemd's own, of version 1, the unified one has no units.
            var parts = line.Split(':', 3);
            if (parts.Length < 3) continue;
            if (parts[1] == "name=systemd") return OfPath(parts[2]);
            if (parts[0] == "0" && parts[1].Length == 0) path = parts[2];
        }

        return path is null ? null : OfPath(path);
    }

    private static string? OfPath(string path)
    {
        var components = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (components.Contains("..")) return null; // outside of the broker's own cgroup namespace
        var first = components.Select(Unescape).FirstOrDefault(component => !component.EndsWith(".slice", StringComparison.Ordinal));
        return first is not null && Suffixes.Any(suffix => first.Length > suffix.Length && first.EndsWith(suffix, StringComparison.Ordinal)) ? first : "";
    }

    // systemd puts "_" in front of names that cgroups use themselves.
    private static string Unescape(string component) => component.StartsWith('_') ? component[1..] : component;
}
