using System.CommandLine;
using UdsBroker.Cli.Output;
using UdsBroker.Client;

namespace UdsBroker.Cli.Commands;

/// <summary>
/// <c>udsb inbox</c>: prints the messages that others send straight to this connection, whose identity it says on standard error first.
/// </summary>
internal static class InboxCommand
{
    private static readonly Option<int?> Count = PositiveNumber.Option("--count", "End after so many messages.", "n", "-c");

    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object for each message, as sub prints them." };

    internal static Command Create()
    {
        var command = new Command("inbox", "Prints the messages that others send straight to this connection.") { Count, Json };
        WillOption.AddTo(command);
        command.SetAction(Run.WithClient(ReceiveAsync, cancelled: ExitCodes.Done));
        return command;
    }

    private static async Task<int> ReceiveAsync(ParseResult parsed, UdsBrokerClient client, CancellationToken cancellationToken)
    {
        var inbox = await client.OpenInboxAsync(new SubscriptionOptions { MaxMessages = parsed.GetValue(Count) }, cancellationToken).ConfigureAwait(false);
        await Console.Error.WriteLineAsync($"udsb: this is {client.Id}").ConfigureAwait(false);
        using var output = new MessageOutput(Console.OpenStandardOutput(), parsed.GetValue(Json) ? new JsonFormat() : new RawFormat(lines: true));
        while (await inbox.ReadBatchAsync(cancellationToken).ConfigureAwait(false) is { Count: > 0 } batch)
        {
            using (batch) output.Write(batch);
        }

        return ExitCodes.Done;
    }
}
