using System.Globalization;
using System.Text.RegularExpressions;

namespace UdsBroker.Protocol.Tests;

/// <summary>The tables of PROTOCOL.md say what the code says, so that neither drifts from the other.</summary>
public sealed partial class SpecificationTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Vector.Folder, "PROTOCOL.md"));

    [Fact]
    public void The_kinds_are_those_of_the_enum() =>
        Assert.Equal(
            Enum.GetValues<FrameKind>().Where(kind => kind != FrameKind.None).Select(kind => ((int)kind, kind.ToText())),
            Rows("3. Frames").Select(row => (int.Parse(row[0], CultureInfo.InvariantCulture), row[3])));

    [Fact]
    public void The_error_codes_are_those_of_the_enum() => AssertNumbered<ErrorCode>("13. Error codes");

    [Fact]
    public void The_close_reasons_are_those_of_the_enum() => AssertNumbered<CloseReason>("14. Close reasons");

    [Fact]
    public void The_words_for_the_close_reasons_are_those_of_the_code() =>
        Assert.Equal(CloseReasons.All.Select(reason => reason.ToText()), Rows("14. Close reasons").Select(row => row[2]));

    [Fact]
    public void The_limits_have_these_names_and_defaults() =>
        Assert.Equal(
            LimitName.All.Select(limit => ($"`{limit.Name}`", limit.Read(Limits.Default))),
            Rows("11. Limits").Select(row => (row[0], int.Parse(row[1], CultureInfo.InvariantCulture))));

    [Fact]
    public void The_operations_of_the_broker_are_those_of_the_code() =>
        Assert.Equal(
            typeof(BrokerOperations).GetFields().Select(field => $"`{field.GetRawConstantValue()}`"),
            Rows("19. Asking the broker").Select(row => row[0]));

    [Fact]
    public void Every_place_in_the_code_that_is_named_there_exists()
    {
        string[] titles = [.. Titles().Matches(Text).Select(match => match.Groups[1].Value)];
        Assert.All(["Frames", "HELLO", "WELCOME", "SUBSCRIBE", "UNSUBSCRIBE", "PUBLISH", "DELIVER", "ERROR", "GOODBYE", "MISSED", "CREDIT", "Subjects and patterns",
            "Identities and inboxes", "Headers", "Fences and receipts", "Limits", "Error codes", "Close reasons", "Versions and growth",
            "What the broker says", "Asking the broker"],
            title => Assert.Contains(title, titles));
    }

    private static void AssertNumbered<T>(string section)
        where T : struct, Enum =>
        Assert.Equal(
            Enum.GetValues<T>().Select(value => (Convert.ToInt32(value, CultureInfo.InvariantCulture), value.ToString())).Where(value => value.Item1 != 0),
            Rows(section).Select(row => (int.Parse(row[0], CultureInfo.InvariantCulture), row[1])));

    /// <summary>The cells of the first table of a section, without its head.</summary>
    private static IEnumerable<string[]> Rows(string section) =>
        Text[Text.IndexOf($"## {section}\n", StringComparison.Ordinal)..].Split('\n')
            .SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2)
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    [GeneratedRegex(@"^#{2,3} (?:\d+\. )?(.+)$", RegexOptions.Multiline)]
    private static partial Regex Titles();
}
