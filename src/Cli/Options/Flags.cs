using System.CommandLine;

namespace UdsBroker.Cli.Options;

/// <summary>
/// Options without a value. The parser would take a following <c>true</c> or <c>false</c> as their value, and
/// <c>udsb pub lights --retain true</c>, where it is the payload, would clear the retained message.
/// </summary>
internal static class Flags
{
    /// <summary>Says so for all options of a command and of those below it.</summary>
    internal static void TakeNoValue(Command command)
    {
        foreach (var flag in command.Options.OfType<Option<bool>>()) flag.Arity = ArgumentArity.Zero;
        foreach (var below in command.Subcommands) TakeNoValue(below);
    }

    /// <summary>
    /// The argument that gives a flag of the command a value all the same, as in <c>--retain=false</c>: the parser would take that value for an argument of the
    /// command. Null when there is none.
    /// </summary>
    internal static string? FindValued(Command command, IEnumerable<string> arguments)
    {
        var names = command.Options.OfType<Option<bool>>().SelectMany(flag => flag.Aliases.Append(flag.Name)).ToHashSet();
        return arguments.TakeWhile(argument => argument != "--").FirstOrDefault(argument => argument.IndexOf('=') is > 0 and var at && names.Contains(argument[..at]));
    }
}
