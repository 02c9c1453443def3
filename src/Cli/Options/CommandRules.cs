using System.CommandLine;
using System.CommandLine.Parsing;

namespace UdsBroker.Cli.Options;

/// <summary>Rules over the options and arguments of a command together.</summary>
internal static class CommandRules
{
    /// <summary>
    /// Adds a rule, which adds an error where the command line breaks it. It is not asked while an option stands without its value: that is an error by
    /// itself, and there is nothing to ask for.
    /// </summary>
    internal static void AddRule(this Command command, Action<CommandResult> rule) => command.Validators.Add(result =>
    {
        if (result.Children.OfType<OptionResult>().All(option => option.Tokens.Count >= option.Option.Arity.MinimumNumberOfValues)) rule(result);
    });
}
