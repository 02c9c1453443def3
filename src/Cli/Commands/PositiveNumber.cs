using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace UdsBroker.Cli.Commands;

/// <summary>An option whose value is a whole number from 1 on; anything else is a usage error that says so.</summary>
internal static class PositiveNumber
{
    internal static Option<int?> Option(string name, string description, string helpName, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = Parse,
    };

    private static int? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1) return number;
        result.AddError($"'{text}' is not a whole number from 1 to {int.MaxValue}");
        return null;
    }
}
