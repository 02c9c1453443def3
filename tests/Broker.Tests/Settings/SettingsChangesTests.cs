using System.Text.RegularExpressions;
using UdsBroker.Broker.Settings;

namespace UdsBroker.Broker.Tests.Settings;

/// <summary>What a reload applies, what it only names, and that the reference says of each section which it is.</summary>
public sealed partial class SettingsChangesTests
{
    private const string Reloaded = "Reloaded on SIGHUP.";
    private const string NotReloaded = "Read at the start only.";

    [Fact]
    public void Every_section_of_the_reference_says_whether_a_reload_reads_it()
    {
        using var stream = typeof(SettingsLayers).Assembly.GetManifestResourceStream("udsbroker.reference.conf")!;
        using var reader = new StreamReader(stream);
        var sections = new Dictionary<string, string>();
        var comment = "";
        foreach (var line in reader.ReadToEnd().Split("\nakka {")[0].Split('\n'))
        {
            if (line.StartsWith("  #", StringComparison.Ordinal)) comment += line.Trim()[1..].TrimStart() + " ";
            else if (SectionStart().Match(line) is { Success: true } start) sections[start.Groups[1].Value] = comment;
            if (line.Length == 0) comment = "";
        }

        Assert.Equal(18, sections.Count);
        Assert.All(sections, section =>
        {
            var isReloaded = SettingsChanges.Reloaded.Contains($"udsbroker.{section.Key}");
            Assert.Contains(isReloaded ? Reloaded : NotReloaded, section.Value, StringComparison.Ordinal);
            Assert.DoesNotContain(isReloaded ? NotReloaded : Reloaded, section.Value, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void What_needs_a_restart_is_named_and_what_a_reload_reads_is_not()
    {
        var before = SettingsLayers.Load(null, "/a", ["udsbroker.access.rules=[{ allow = all, uid = 1 }]", "udsbroker.listeners.echo.path=/echo"]);
        var after = SettingsLayers.Load(null, "/b", [
            "udsbroker.access.rules=[]", "udsbroker.access.default=allow", "udsbroker.users.max-connections=7", "udsbroker.retained.max-bytes=1 B",
            "udsbroker.delayed.max-delay=1s", "udsbroker.log.level=debug", "udsbroker.limits.max-payload=1 KiB", "udsbroker.listeners.raw.path=/raw", "akka.loglevel=DEBUG"]);

        Assert.Equal(
            ["akka.loglevel", "udsbroker.limits.max-payload", "udsbroker.listeners.echo.path", "udsbroker.listeners.main.path", "udsbroker.listeners.raw.path"],
            SettingsChanges.ThatNeedRestart(before, after));
        Assert.Empty(SettingsChanges.ThatNeedRestart(before, SettingsLayers.Load(null, "/a", ["udsbroker.listeners.echo.path=/echo"])));
    }

    [GeneratedRegex("^  ([a-z-]+) \\{$")]
    private static partial Regex SectionStart();
}
