using System.CommandLine;
using System.Globalization;

namespace UdsBroker.Cli.Options;

/// <summary>An option whose value is a time with its unit, as in the broker's settings: 250ms, 2s, 1m, 1h. Anything else is a usage error that says so.</summary>
internal static class DurationOption
{
    private const string Examples = "such as 250ms, 2s, 1m or 1h, and at most 596h"; // 2147483647 ms, the longest time of a timer

    private static readonly (string Unit, double Milliseconds)[] Units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

    internal static Option<TimeSpan?> Create(string name, string description, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "time",
        CustomParser = ValueParser.Of(Read, $"a time with its unit, {Examples}"),
    };

    /// <summary>As the other; 0 is refused, too.</summary>
    internal static Option<TimeSpan?> CreatePositive(string name, string description, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "time",
        CustomParser = ValueParser.Of(text => Read(text) is { Ticks: > 0 } time ? time : (TimeSpan?)null, $"a time with its unit and more than 0, {Examples}"),
    };

    private static TimeSpan? Read(string text)
    {
        foreach (var (unit, milliseconds) in Units)
        {
            var isNumber = text.EndsWith(unit, StringComparison.Ordinal)
                & double.TryParse(text.AsSpan(0, Math.Max(0, text.Length - unit.Length)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
            if (isNumber && number * milliseconds <= int.MaxValue) return TimeSpan.FromMilliseconds(number * milliseconds);
        }

        return null;
    }
}
