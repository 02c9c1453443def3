using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Cli.Options;

/// <summary>
/// <c>--will SUBJECT=PAYLOAD</c>: what the broker publishes when this program does not end in order; <c>--will-retain</c>: and keeps as the last
/// message of its subject.
/// </summary>
internal static class WillOption
{
    private static readonly Option<LastWill?> Will = new("--will")
    {
        Description = "A message that the broker publishes if this program dies: killed, hanging, kicked.",
        HelpName = "subject=payload",
        CustomParser = Parse,
    };

    private static readonly Option<bool> Retain = new("--will-retain")
    {
        Description = "Let the broker keep that message as the last of its subject, for those who subscribe later.",
    };

    /// <summary>Adds the options to a command.</summary>
    internal static void AddTo(Command command)
    {
        command.Add(Will);
        command.Add(Retain);
        command.AddRule(result =>
        {
            if (result.GetValue(Retain) && result.GetResult(Will) is null) result.AddError("--will-retain needs a --will to keep");
        });
    }

    /// <summary>What the command line says; null for no will, and for commands that have none.</summary>
    internal static LastWill? Read(ParseResult parsed) => parsed.GetValue(Will) is { } will && parsed.GetValue(Retain)
        ? will with { Headers = new Dictionary<string, string> { [KnownHeaders.Retain] = "1" } }
        : parsed.GetValue(Will);

    private static LastWill? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var problem = equals < 1 ? $"--will '{text}' is not of the form subject=payload" : CheckedSubject.FindSubjectProblem(text[..equals]);
        if (problem is null) return new LastWill(text[..equals], Encoding.UTF8.GetBytes(text[(equals + 1)..]));
        result.AddError(problem);
        return null;
    }
}
