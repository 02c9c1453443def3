using System.Text.RegularExpressions;
using UdsBroker.Broker.Settings;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Settings;

/// <summary>The ranges that the prose of the reference file promises are those that are read: both edges are accepted, and what is just beyond is refused with the range.</summary>
public sealed partial class RangeTests
{
    private const string High = "udsbroker.outbound.high-watermark";
    private const string Low = "udsbroker.outbound.low-watermark";

    /// <summary>Every setting whose default is a number, a size or a duration, with its range as the prose has it.</summary>
    public static TheoryData<string, string, string> Ranges
    {
        get
        {
            var ranges = new TheoryData<string, string, string>();
            foreach (var (key, prose, value) in ReferenceFile.Entries().Where(entry => UnitOf(entry.Value) is not null && !entry.Key.EndsWith(".mode", StringComparison.Ordinal)))
            {
                var range = Assert.Single(RangePattern().Matches(prose), range => UnitOf(range.Groups["most"].Value) == UnitOf(value));
                ranges.Add(key, range.Groups["least"].Value, range.Groups["most"].Value);
            }

            return ranges;
        }
    }

    [Fact]
    public void Only_words_texts_and_lists_have_no_range() => Assert.Equal(
        [
            "udsbroker.listener.enabled", "udsbroker.listener.path", "udsbroker.listener.type", "udsbroker.listener.protocol", "udsbroker.listener.mode",
            "udsbroker.listener.owner", "udsbroker.listener.group", "udsbroker.listener.shared-directory", "udsbroker.access.rules", "udsbroker.access.default",
            "udsbroker.log.level",
        ],
        ReferenceFile.Keys().Except(Ranges.Select(range => range.Data.Item1)));

    [Theory]
    [MemberData(nameof(Ranges))]
    public void The_edges_are_accepted_and_what_is_beyond_them_is_refused_with_the_range(string key, string least, string most)
    {
        Read(key, least);
        AssertRefused(key, Beyond(least, -1), least, most);
        AssertRefused(key, Beyond(most, +1), least, most);
        if (key == Low)
            Assert.Equal($"{Low} = {most}: expected less than {High}, which is 1 GiB", Assert.Throws<SettingsException>(() => Read(key, most)).Message);
        else
            Read(key, most);
    }

    [Fact]
    public void What_stands_for_off_beside_the_range_is_accepted() => Assert.Equal(TimeSpan.Zero, Read("udsbroker.connections.idle-timeout", "0s").Connections.IdleTimeout);

    [Fact]
    public void The_limits_that_a_broker_may_have_are_those_that_a_client_accepts()
    {
        var least = BrokerSettingsReader.Read(SettingsLayers.Load(null, null, [.. LimitEdges(edge => edge.Least)])).Limits;
        var most = BrokerSettingsReader.Read(SettingsLayers.Load(null, null, [.. LimitEdges(edge => edge.Most)])).Limits;

        Assert.Null(least.FindProblem());
        Assert.Equal(Limits.Floor, least);
        Assert.Null(most.FindProblem());
        Assert.Equal(Limits.Ceiling with { MaxPacketBytes = 0 }, most);
    }

    private static IEnumerable<string> LimitEdges(Func<(string Least, string Most), string> edge) => Ranges.Select(row => row.Data)
        .Where(row => row.Item1.StartsWith("udsbroker.limits.", StringComparison.Ordinal)).Select(row => $"{row.Item1}={edge((row.Item2, row.Item3))}");

    private static void AssertRefused(string key, string value, string least, string most) =>
        Assert.Matches($"^{Regex.Escape($"{key} = {value}")}: expected .* from {least} to {most}\\b", Assert.Throws<SettingsException>(() => Read(key, value)).Message);

    private static BrokerSettings Read(string key, string value)
    {
        string[] other = key == Low ? [$"{High}=1 GiB"] : key == High ? [$"{Low}=1 KiB"] : [];
        return BrokerSettingsReader.Read(SettingsLayers.Load(null, null, [.. other, $"{key}={value}"]));
    }

    // One whole number, byte or microsecond more or less.
    private static string Beyond(string edge, int step) => UnitOf(edge) switch
    {
        Unit.Number => $"{long.Parse(edge, provider: null) + step}",
        Unit.Size => $"{SettingsText.ParseSize(edge) + step} B",
        _ => $"{SettingsText.ParseDuration(edge)!.Value.TotalMicroseconds + step}us",
    };

    private static Unit? UnitOf(string value) => value.All(char.IsAsciiDigit) && value.Length > 0 ? Unit.Number
        : SettingsText.ParseSize(value) is not null && value.EndsWith('B') ? Unit.Size
        : SettingsText.ParseDuration(value) is not null ? Unit.Duration : null;

    [GeneratedRegex("(?<least>[0-9]+( ?[A-Za-z]+)?) to (?<most>[0-9]+( [KMGTP]?i?B|us|ms|s|m|h)?)")]
    private static partial Regex RangePattern();

    private enum Unit
    {
        Number,
        Size,
        Duration,
    }
}
