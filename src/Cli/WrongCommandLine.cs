using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace UdsBroker.Cli;

/// <summary>
/// A command line that cannot be carried out: what is wrong, and where to read more. The whole help would bury the one line that matters; only where no
/// command is named it is what was looked for.
/// </summary>
internal static class WrongCommandLine
{
    /// <summary>Says on standard error what is wrong.</summary>
    /// <param name="parsed">With errors.</param>
    /// <returns>The exit code for it.</returns>
    internal static async Task<int> ExplainAsync(ParseResult parsed)
    {
        var isCommand = parsed.CommandResult.Command.Subcommands.Count == 0;
        if (parsed.Action is ParseErrorAction action) action.ShowHelp = !isCommand;
        await parsed.InvokeAsync().ConfigureAwait(false);
        if (isCommand) await Console.Error.WriteLineAsync($"{NameOf(parsed.CommandResult)} --help says what it takes").ConfigureAwait(false);
        return ExitCodes.Usage;
    }

    private static string NameOf(CommandResult result) => result.Parent is CommandResult parent ? $"{NameOf(parent)} {result.Command.Name}" : result.Command.Name;
}
