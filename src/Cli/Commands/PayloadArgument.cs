using System.CommandLine;
using System.Text;

namespace UdsBroker.Cli.Commands;

/// <summary>The one payload of a command: text, or <c>-</c> for all of standard input. Without it the payload is empty.</summary>
internal static class PayloadArgument
{
    internal static readonly Argument<string?> Argument = new("payload")
    {
        Description = "The payload as UTF-8 text, or - for standard input.",
        DefaultValueFactory = _ => null,
    };

    internal static async Task<ReadOnlyMemory<byte>> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var text = parsed.GetValue(Argument) ?? "";
        if (text is not "-") return Encoding.UTF8.GetBytes(text);
        var input = Console.OpenStandardInput();
        await using var closing = input.ConfigureAwait(false);
        using var all = new MemoryStream();
        await input.CopyToAsync(all, cancellationToken).ConfigureAwait(false);
        return all.ToArray();
    }
}
