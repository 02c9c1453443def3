using System.CommandLine;
using System.CommandLine.Parsing;
using UdsBroker.Cli.Input;
using UdsBroker.Cli.Options;
using UdsBroker.Cli.Output;
using UdsBroker.Client;
using UdsBroker.Protocol;

namespace UdsBroker.Cli.Commands;

/// <summary>
/// <c>udsb pub SUBJECT [PAYLOAD|-]</c>: one message from the argument, or standard input or a file as a whole, by lines, or by chunks. It ends
/// when the broker has confirmed that everything was routed; by datagram, when the kernel has taken everything.
/// </summary>
internal static class PubCommand
{
    private static readonly Argument<string> SubjectName = CheckedSubject.Subject("Where to publish, such as orders.eu.created.");

    private static readonly Option<string?> FileName = new("--file", "-f")
    {
        Description = "Take the payload from this file.",
        HelpName = "path",
        CustomParser = ValueParser.Of(text => text.Length > 0 && !Directory.Exists(text) ? text : null, "the path of a file"),
    };

    private static readonly Option<bool> Lines = new("--lines", "-l")
    {
        Description = "One message for each line of the input, without its line feed.",
    };

    private static readonly Option<int?> Chunk = PositiveNumber.Option("--chunk", "One message for each so many bytes of the input.", "bytes");

    private static readonly Option<string?> Reply = CheckedSubject.Option("--reply", "The reply subject of the messages.");

    private static readonly Option<bool> Receipt = new("--receipt")
    {
        Description = "Print what became of the messages to standard error.",
    };

    internal static Command Create()
    {
        var command = new Command("pub", "Publishes messages and waits until the broker has routed them.")
        {
            SubjectName, PayloadArgument.Argument, FileName, Lines, Chunk, HeaderOption.Option, Reply, Receipt,
        };
        KeepOptions.AddTo(command);
        WillOption.AddTo(command);
        PayloadArgument.Require(command, FileName);
        command.AddRule(Validate);
        command.SetAction(Run.WithClient(PublishAsync));
        return command;
    }

    private static void Validate(CommandResult result)
    {
        var hasFile = result.GetResult(FileName) is not null;
        var hasInput = hasFile || PayloadArgument.IsStandardInput(result);
        if (hasFile && PayloadArgument.IsGiven(result)) result.AddError("give a payload or --file, not both");
        else if (!hasInput && (result.GetValue(Lines) || result.GetResult(Chunk) is not null)) result.AddError("--lines and --chunk need an input: - or --file");
        if (result.GetValue(Lines) && result.GetResult(Chunk) is not null) result.AddError("give --lines or --chunk, not both");
    }

    private static async Task<int> PublishAsync(ParseResult parsed, UdsBrokerClient client, CancellationToken cancellationToken)
    {
        var subject = parsed.GetValue(SubjectName)!;
        var options = KeepOptions.Read(parsed) with { Headers = HeaderOption.Read(parsed), Reply = parsed.GetValue(Reply) };
        using var connection = new ConnectionWatch(client, cancellationToken);
        ulong sent = 0;
        try
        {
            await foreach (var payload in ReadAsync(parsed, InputMessages.LongestFor(client), connection.Token).ConfigureAwait(false))
            {
                await client.PublishAsync(subject, payload, options, cancellationToken).ConfigureAwait(false);
                sent++;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The connection has ended. Flushing says why, and how many messages are in doubt.
        }

        if (client.IsPublishOnly) return await EndDatagramsAsync(parsed, client).ConfigureAwait(false);
        var receipt = await client.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (parsed.GetValue(Receipt)) StandardError.WriteLine(Describe(receipt));
        if (FindRefusal(client.LastError, sent - receipt.Published, sent) is not { } refusal) return receipt.Dropped > 0 ? ExitCodes.Missed : ExitCodes.Done;
        StandardError.Say(refusal);
        return ExitCodes.Failed;
    }

    // Nothing comes back of datagrams; what is known is what did not get out of here.
    private static async Task<int> EndDatagramsAsync(ParseResult parsed, UdsBrokerClient client)
    {
        await client.DisposeAsync().ConfigureAwait(false);
        if (parsed.GetValue(Receipt) || client.DroppedPublishes > 0)
            StandardError.WriteLine($"sent by datagram, dropped {client.DroppedPublishes}");
        return client.DroppedPublishes > 0 ? ExitCodes.Missed : ExitCodes.Done;
    }

    private static string Describe(Receipt receipt)
    {
        var counts = $"published {receipt.Published}, matched {receipt.Matched}, dropped {receipt.Dropped}";
        return receipt.Expired > 0 ? $"{counts}, {receipt.Expired} of them expired" : counts;
    }

    // Whatever was refused was answered by an ERROR before the receipt. A message that could not be retained was routed.
    private static string? FindRefusal(ErrorCommand? error, ulong refused, ulong sent)
    {
        if (refused > 0) return $"{refused} of {sent} messages were refused: {error?.Message}";
        return error is { Code: ErrorCode.RetainedFull } ? $"not retained: {error.Message}" : null;
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        ParseResult parsed, int max, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (PayloadArgument.Text(parsed) is { } text)
        {
            yield return text;
            yield break;
        }

        var input = await InterruptibleInput.OpenAsync(parsed.GetValue(FileName), cancellationToken).ConfigureAwait(false);
        await using var closing = input.ConfigureAwait(false);
        var messages = parsed.GetValue(Lines) ? InputMessages.LinesAsync(input, max, cancellationToken)
            : parsed.GetValue(Chunk) is { } bytes ? InputMessages.ChunksAsync(input, bytes, max, cancellationToken)
            : InputMessages.WholeAsync(input, max, cancellationToken);
        await foreach (var message in messages.ConfigureAwait(false)) yield return message;
    }
}
