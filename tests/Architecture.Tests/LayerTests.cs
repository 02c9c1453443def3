using System.Text.RegularExpressions;

namespace UdsBroker.Architecture.Tests;

/// <summary>The directions of DESIGN: inside the broker every folder may know only the ones below it.</summary>
public sealed class LayerTests
{
    private static readonly string[] BrokerFolders =
        ["Buffers", "Access", "Transport", "Settings", "Load", "Requests", "Delivery", "Sessions", "Routing", "Streams", "Actors", "Hosting", "Diagnostics"];

    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Buffers"] = [],
        ["Access"] = [],
        ["Transport"] = [],
        ["Settings"] = ["Access", "Transport"],
        ["Load"] = ["Buffers"],
        ["Requests"] = ["Buffers", "Load"],
        ["Delivery"] = ["Access", "Buffers", "Load", "Requests"],
        ["Sessions"] = ["Access", "Buffers", "Load", "Requests", "Delivery"],
        ["Routing"] = ["Access", "Buffers", "Load", "Requests", "Delivery", "Sessions"],
        ["Streams"] = ["Buffers", "Load", "Delivery", "Sessions", "Routing", "Transport"],
        ["Actors"] = ["Access", "Buffers", "Load", "Delivery", "Sessions", "Routing", "Streams", "Transport", "Settings", "Diagnostics"],
    };

    public static TheoryData<string> Folders => [.. MayUse.Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_of_the_broker_uses_only_the_layers_below_it(string folder)
    {
        var forbidden = BrokerFolders.Except(MayUse[folder]).Where(other => other != folder).ToArray();
        var pattern = new Regex($@"\bUdsBroker\.Broker\.({string.Join('|', forbidden)})\b");
        Assert.Empty(Violations($"src/Broker/{folder}", pattern));
    }

    [Theory]
    [InlineData("Access")]
    [InlineData("Buffers")]
    [InlineData("Load")]
    [InlineData("Requests")]
    [InlineData("Delivery")]
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
        Assert.Empty(Violations($"src/Broker/{folder}", new Regex(string.Join('|', forbidden))));
    }

    [Fact]
    public void Transport_knows_bytes_and_no_frames() =>
        Assert.Empty(Violations("src/Broker/Transport", new Regex(@"\bUdsBroker\.Protocol\b|\busing Akka\b")));

    [Fact]
    public void The_wire_does_no_io() =>
        Assert.Empty(Violations("src/Protocol", new Regex(@"\busing System\.(Net|IO|Threading)\b|\b(Socket|Stream|Task|File)\b")));

    [Fact]
    public void Only_the_folders_of_native_calls_declare_native_calls_or_unsafe_code() =>
        Assert.DoesNotContain(
            Violations("src", new Regex(@"\b(LibraryImport|DllImport|unsafe)\b")),
            offence => !offence.StartsWith("src/Broker/Transport/Native/", StringComparison.Ordinal)
                && !offence.StartsWith("src/Client/Native/", StringComparison.Ordinal));

    [Fact]
    public void No_code_outside_compat_knows_that_compat_exists() =>
        Assert.Empty(Violations("src", new Regex(@"^\s*#if\b|\bcompat\b", RegexOptions.Multiline | RegexOptions.IgnoreCase)));

    private static IEnumerable<string> Violations(string folder, Regex pattern) =>
        from file in SourceTree.Files(folder)
        from Match match in pattern.Matches(SourceTree.Code(file))
        select $"{SourceTree.Relative(file)}: {match.Value.Trim()}";
}
