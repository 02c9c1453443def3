using System.CommandLine;
using UdsBroker.Client;

namespace UdsBroker.Cli.Options;

/// <summary>The options for what the broker does with published messages besides routing them: docs/retained.md.</summary>
internal static class KeepOptions
{
    private static readonly Option<bool> Retain = new("--retain", "-r")
    {
        Description = "Let the broker keep the message as the last of its subject, for those who subscribe later. An empty payload clears the subject.",
    };

    private static readonly Option<TimeSpan?> Expires = DurationOption.Create("--expires", "Nobody wants the message after that time, such as 250ms, 5s, 1h.");

    private static readonly Option<TimeSpan?> Delay = DurationOption.Create("--delay", "Let the broker wait so long before it routes the message.");

    /// <summary>Adds the options to a command.</summary>
    internal static void AddTo(Command command)
    {
        command.Add(Retain);
        command.Add(Expires);
        command.Add(Delay);
    }

    /// <summary>What the command line says.</summary>
    internal static PublishOptions Read(ParseResult parsed) => new()
    {
        Retain = parsed.GetValue(Retain),
        Expires = parsed.GetValue(Expires),
        Delay = parsed.GetValue(Delay),
    };
}
