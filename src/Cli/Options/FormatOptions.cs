using System.CommandLine;
using UdsBroker.Cli.Output;

namespace UdsBroker.Cli.Options;

/// <summary>How messages are printed: readable lines to a terminal, payloads byte for byte into a pipe, or what the command line says.</summary>
internal static class FormatOptions
{
    private static readonly Option<bool> Json = new("--json")
    {
        Description = "One JSON object for each message: subject, sender, payload (payloadBase64 when it is not UTF-8), and where there are such reply, headers, retained, missedBefore.",
    };

    private static readonly Option<bool> Raw = new("--raw") { Description = "Payloads byte for byte, also to a terminal." };

    private static readonly Option<bool> Lines = new("--lines", "-l") { Description = "Payloads byte for byte, with a line feed after each." };

    /// <summary>Adds the options to a command.</summary>
    internal static void AddTo(Command command)
    {
        command.Add(Json);
        command.Add(Raw);
        command.Add(Lines);
        command.AddRule(result =>
        {
            if (new[] { Json, Raw, Lines }.Count(option => result.GetValue(option)) > 1) result.AddError("give one of --json, --raw and --lines");
        });
    }

    /// <summary>The format that the command line, or else the kind of output, asks for.</summary>
    internal static IMessageFormat Read(ParseResult parsed)
    {
        if (parsed.GetValue(Json)) return new JsonFormat();
        if (parsed.GetValue(Lines)) return new RawFormat(lines: true);
        return parsed.GetValue(Raw) || Console.IsOutputRedirected ? new RawFormat(lines: false) : new TerminalFormat();
    }
}
