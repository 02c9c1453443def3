using System.CommandLine;
using System.CommandLine.Parsing;

namespace UdsBroker.Cli.Options;

/// <summary>
/// Detects arguments that look like an option but are none. The parser would take it for an argument, and <c>udsb pub lights --retian</c>
/// would publish it.
/// </summary>
internal static class MistypedOption
{
    /// <summary>Says which argument of the command looks like an option; null when none does. Behind <c>--</c> everything is an argument.</summary>
    internal static string? FindProblem(ParseResult parsed)
    {
        var before = parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value).ToHashSet();
        var mistyped = parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens.Select(token => token.Value).Where(value => LooksLikeOption(value, argument.Argument)))
            .FirstOrDefault(before.Contains);
        return mistyped is null ? null : $"there is no option '{mistyped}'; -- before it makes it an argument";
    }

    // A payload may be -5, and a command has options of its own.
    private static bool LooksLikeOption(string value, Argument argument) => value.StartsWith(argument.Name is "subject" or "pattern" ? "-" : "--", StringComparison.Ordinal);
}
