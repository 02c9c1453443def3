using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace UdsBroker.Cli.Commands;

/// <summary>An option whose value is a time with its unit, as in the broker's settings: 250ms, 2s, 1m, 1h. Anything else is a usage error that says so.</summary>
internal static class DurationOption
{
    private static readonly (string Unit, double Milliseconds)[] Units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

    internal static Option<TimeSpan?> Create(string name, string description, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "time",
        CustomParser = Parse,
    };

    /// <summary>As the other; 0 is refused, too.</summary>
    internal static Option<TimeSpan?> CreatePositive(string name, string description, params string[] aliases)
    {
        var option = Create(name, description, aliases);
        option.CustomParser = result =>
        {
            var time = Parse(result);
            if (time == TimeSpan.Zero) result.AddError($"{name} is more than 0");
            return time;
        };
        return option;
    }

    private static TimeSpan? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        foreach (var (unit, milliseconds) in Units)
        {
            var isNumber = text.EndsWith(unit, StringComparison.Ordinal)
                & double.TryParse(text.AsSpan(0, Math.Max(0, text.Length - unit.Length)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
            if (isNumber && number * milliseconds <= int.MaxValue) return TimeSpan.FromMilliseconds(number * milliseconds);
        }

        result.AddError($"'{text}' is not a time with its unit, such as 250ms, 2s, 1m or 1h");
        return null;
    }
}
