using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using UdsBroker.Cli.Input;
using UdsBroker.Client;

namespace UdsBroker.Cli.Options;

/// <summary>The payload of a command: text, or <c>-</c> for standard input.</summary>
internal static class PayloadArgument
{
    private const string StandardInput = "-";

    internal static readonly Argument<string?> Argument = new("payload")
    {
        Description = "The payload as UTF-8 text, or - for standard input, or '' for an empty one.",
        DefaultValueFactory = _ => null,
    };

    /// <summary>
    /// Adds the rule that a payload must be given, even an empty one: otherwise input piped into the command would be ignored silently.
    /// </summary>
    /// <param name="command">The command that takes it.</param>
    /// <param name="file">The option that may take its place, if there is one.</param>
    internal static void Require(Command command, Option? file = null) => command.AddRule(result =>
    {
        if (!IsGiven(result) && (file is null || result.GetResult(file) is null))
            result.AddError($"a payload is missing: a text, - for standard input,{(file is null ? "" : $" {file.Name} PATH,")} or '' for an empty one");
    });

    /// <summary>Whether the command line names a payload, or standard input for it.</summary>
    internal static bool IsGiven(SymbolResult result) => result.GetValue(Argument) is not null;

    /// <summary>Whether the payload is to come from standard input.</summary>
    internal static bool IsStandardInput(SymbolResult result) => result.GetValue(Argument) is StandardInput;

    /// <summary>The payload that stands in the command line; null when it comes from elsewhere.</summary>
    internal static ReadOnlyMemory<byte>? Text(ParseResult parsed) =>
        parsed.GetValue(Argument) is { } text and not StandardInput ? (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(text) : null;

    /// <summary>The one payload of a command; empty when none is given.</summary>
    /// <exception cref="IOException">It cannot be read, or is longer than the broker takes.</exception>
    internal static async Task<ReadOnlyMemory<byte>> ReadAsync(ParseResult parsed, UdsBrokerClient client, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Argument) is not StandardInput) return Text(parsed) ?? default;
        var input = await InterruptibleInput.OpenAsync(null, cancellationToken).ConfigureAwait(false);
        await using var closing = input.ConfigureAwait(false);
        return await InputMessages.ReadAllAsync(input, InputMessages.LongestFor(client), cancellationToken).ConfigureAwait(false);
    }
}
