using System.CommandLine;
using UdsBroker.Cli.Options;
using UdsBroker.Cli.Output;
using UdsBroker.Client;

namespace UdsBroker.Cli.Commands;

/// <summary>
/// <c>udsb inbox</c>: prints the direct messages to this connection, whose identity it first prints on standard error.
/// </summary>
internal static class InboxCommand
{
    private static readonly Option<int?> Count = PositiveNumber.Option("--count", "End after so many messages.", "n", "-c");

    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object for each message, as sub prints them." };

    internal static Command Create()
    {
        var command = new Command("inbox", "Prints the messages that others send straight to this connection.") { Count, Json };
        WillOption.AddTo(command);
        command.SetAction(Run.UntilInterrupted(ReceiveAsync));
        return command;
    }

    private static async Task<int> ReceiveAsync(ParseResult parsed, UdsBrokerClient client, CancellationToken cancellationToken)
    {
        var inbox = await client.OpenInboxAsync(new SubscriptionOptions { MaxMessages = parsed.GetValue(Count) }, cancellationToken).ConfigureAwait(false);
        StandardError.Say($"this is {client.Id}");
        using var output = new MessageOutput(new StandardOutput(), Format(parsed));
        while (await inbox.ReadBatchAsync(cancellationToken).ConfigureAwait(false) is { Count: > 0 } batch)
        {
            using (batch) output.Write(batch);
        }

        return ExitCodes.Done;
    }

    private static IMessageFormat Format(ParseResult parsed) =>
        parsed.GetValue(Json) ? new JsonFormat() : Console.IsOutputRedirected ? new RawFormat(lines: true) : new TerminalFormat();
}
