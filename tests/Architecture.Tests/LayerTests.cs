using System.Text.RegularExpressions;

namespace UdsBroker.Architecture.Tests;

/// <summary>The directions of DESIGN: inside the broker every folder may know only the ones below it.</summary>
public sealed class LayerTests
{
    private static readonly string[] BrokerFolders =
        ["Buffers", "Access", "Transport", "Settings", "Sessions", "Routing", "Streams", "Actors", "Hosting", "Diagnostics"];

    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Buffers"] = [],
        ["Access"] = [],
        ["Transport"] = [],
        ["Settings"] = ["Access", "Transport"],
        ["Sessions"] = ["Access", "Buffers"],
        ["Routing"] = ["Access", "Buffers", "Sessions"],
        ["Streams"] = ["Buffers", "Sessions", "Routing", "Transport"],
        ["Actors"] = ["Access", "Buffers", "Sessions", "Routing", "Streams", "Transport", "Settings", "Diagnostics"],
    };

    public static TheoryData<string> Folders => [.. MayUse.Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_of_the_broker_uses_only_the_layers_below_it(string folder)
    {
        var forbidden = BrokerFolders.Except(MayUse[folder]).Where(other => other != folder).ToArray();
        var pattern = new Regex($@"\bUdsBroker\.Broker\.({string.Join('|', forbidden)})\b");
        Assert.Empty(Offences($"src/Broker/{folder}", pattern));
    }

    [Theory]
    [InlineData("Access")]
    [InlineData("Buffers")]
    [InlineData("Sessions")]
    [InlineData("Routing")]
    public void The_core_has_no_actors_sockets_clocks_loggers_or_random_source(string folder)
    {
        string[] forbidden =
        [
            @"\busing (Akka|System\.Net|Microsoft\.Extensions)\b",
            @"\busing System\.Diagnostics;",
            @"\b(Stopwatch|TimeProvider|DateTime|DateTimeOffset|TickCount64|Random|Thread|Task|Timer|ILogger)\b",
            @"\bGuid\.(NewGuid|CreateVersion7)\b",
        ];
        Assert.Empty(Offences($"src/Broker/{folder}", new Regex(string.Join('|', forbidden))));
    }

    [Fact]
    public void Transport_knows_bytes_and_no_frames() =>
        Assert.Empty(Offences("src/Broker/Transport", new Regex(@"\bUdsBroker\.Protocol\b|\busing Akka\b")));

    [Fact]
    public void The_wire_does_no_io() =>
        Assert.Empty(Offences("src/Protocol", new Regex(@"\busing System\.(Net|IO|Threading)\b|\b(Socket|Stream|Task|File)\b")));

    [Fact]
    public void Only_the_folder_of_native_calls_declares_native_calls_or_unsafe_code() =>
        Assert.DoesNotContain(
            Offences("src", new Regex(@"\b(LibraryImport|DllImport|unsafe)\b")),
            offence => !offence.StartsWith("src/Broker/Transport/Native/", StringComparison.Ordinal));

    [Fact]
    public void No_code_outside_compat_knows_that_compat_exists() =>
        Assert.Empty(Offences("src", new Regex(@"^\s*#if\b|\bcompat\b", RegexOptions.Multiline | RegexOptions.IgnoreCase)));

    private static IEnumerable<string> Offences(string folder, Regex pattern) =>
        from file in SourceTree.Files(folder)
        from Match match in pattern.Matches(SourceTree.Code(file))
        select $"{SourceTree.Relative(file)}: {match.Value.Trim()}";
}
