using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Cli.Commands;

/// <summary><c>--will SUBJECT=PAYLOAD</c>: what the broker publishes when this program does not end in order.</summary>
internal static class WillOption
{
    internal static readonly Option<LastWill?> Option = new("--will")
    {
        Description = "A message that the broker publishes if this program dies: killed, hanging, kicked.",
        HelpName = "subject=payload",
        CustomParser = Parse,
    };

    private static LastWill? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && Subject.TryParse(text[..equals], out _, out _)) return new LastWill(text[..equals], Encoding.UTF8.GetBytes(text[(equals + 1)..]));
        result.AddError($"'{text}' is not of the form subject=payload");
        return null;
    }
}
