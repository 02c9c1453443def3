using System.CommandLine;
using System.Globalization;

namespace UdsBroker.Cli.Options;

/// <summary>An option whose value is a whole number from 1 on; anything else is a usage error that says so.</summary>
internal static class PositiveNumber
{
    internal static Option<int?> Option(string name, string description, string helpName, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = ValueParser.Of<int?>(
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 ? number : null,
            $"a whole number from 1 to {int.MaxValue}"),
    };
}
