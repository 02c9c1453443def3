using System.CommandLine;
using System.CommandLine.Parsing;
using UdsBroker.Cli.Options;
using UdsBroker.Cli.Output;

namespace UdsBroker.Cli;

/// <summary>
/// Reports a wrong command line: one line with the error, and one that says where to read more. The whole help would bury them; it is shown
/// only when no command is given.
/// </summary>
internal static class WrongCommandLine
{
    /// <summary>Says on standard error what is wrong.</summary>
    /// <param name="parsed">With errors.</param>
    /// <returns>The exit code for it.</returns>
    internal static int Explain(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0) ShowHelp(parsed);
        StandardError.Say(Problem(parsed));
        StandardError.Say($"{NameOf(parsed.CommandResult)} --help says {(command.Subcommands.Count > 0 ? "which there are" : "what it takes")}");
        return ExitCodes.Usage;
    }

    /// <summary>The first thing that is wrong, without a full stop.</summary>
    internal static string Problem(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (MistypedOption.FindProblem(parsed) is { } mistyped) return mistyped;
        if (parsed.UnmatchedTokens is [var unknown, ..])
            return unknown.StartsWith('-') ? $"there is no option '{unknown}'" : command.Subcommands.Count > 0 ? $"there is no command '{unknown}'" : $"'{unknown}' is one argument too many";
        if (command.Subcommands.Count > 0) return "a command is missing";
        if (parsed.CommandResult.Children.OfType<OptionResult>().FirstOrDefault(LacksValue) is { } option) return $"{option.Option.Name} needs a value";
        if (Options(parsed.CommandResult).FirstOrDefault(HasTooMany) is { } repeated) return $"{repeated.Option.Name} is given {repeated.Tokens.Count} times; it has one value";
        if (command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is not { Tokens.Count: > 0 }) is { } missing)
            return $"the {missing.Name} is missing";
        if (command.Options.FirstOrDefault(each => each.Required && parsed.GetResult(each) is not { Implicit: false }) is { } required) return $"{required.Name} is missing";
        return parsed.Errors[0].Message.TrimEnd('.');
    }

    // On standard output, and not needed: if that cannot be written, what is wrong is said all the same.
    private static void ShowHelp(ParseResult parsed)
    {
        try
        {
            parsed.RootCommandResult.Command.Parse([.. PathOf(parsed.CommandResult).Skip(1), "--help"]).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (OutputException)
        {
            // Nobody reads it, or the disk is full.
        }
    }

    private static bool LacksValue(OptionResult result) => result is { Implicit: false } && result.Tokens.Count < result.Option.Arity.MinimumNumberOfValues;

    private static bool HasTooMany(OptionResult result) => result.Tokens.Count > Math.Max(1, result.Option.Arity.MaximumNumberOfValues);

    // Of the command and, for those that every command has, of the ones above it.
    private static IEnumerable<OptionResult> Options(CommandResult result) =>
        result.Children.OfType<OptionResult>().Concat(result.Parent is CommandResult parent ? Options(parent) : []);

    private static string NameOf(CommandResult result) => string.Join(' ', PathOf(result));

    private static IEnumerable<string> PathOf(CommandResult result) => result.Parent is CommandResult parent ? PathOf(parent).Append(result.Command.Name) : [result.Command.Name];
}
