using System.CommandLine;
using System.Text;
using UdsBroker.Cli.Options;
using UdsBroker.Cli.Output;
using UdsBroker.Client;
using UdsBroker.Protocol;

namespace UdsBroker.Cli.Commands;

/// <summary>
/// <c>udsb clients</c>: who is connected to the broker, one line each, this command itself left out, so that there may be nobody; with <c>--watch</c> also who comes and goes from then
/// on, until Ctrl-C.
/// </summary>
internal static class ClientsCommand
{
    private static readonly Option<bool> Watch = new("--watch", "-w") { Description = "Stay, and print who comes and goes." };

    private static readonly Option<bool> Json = new("--json") { Description = "The broker's own words: one JSON object for each line." };

    internal static Command Create()
    {
        var command = new Command("clients", "Lists who is connected to the broker, this command left out.") { Watch, Json };
        ReconnectOption.AddTo(command);
        command.SetAction(Run.UntilInterrupted(ListAsync, isEndless: parsed => parsed.GetValue(Watch)));
        return command;
    }

    // The broker sends who is there before it confirms the subscription, so all of them wait here when that is done.
    private static async Task<int> ListAsync(ParseResult parsed, UdsBrokerClient client, CancellationToken cancellationToken)
    {
        var options = new SubscriptionOptions { Credit = 0, PendingBytes = int.MaxValue, PendingMessages = int.MaxValue };
        var isWatching = parsed.GetValue(Watch);
        var isAny = false;
        if (!Console.IsOutputRedirected && !parsed.GetValue(Json)) Console.WriteLine(ClientLine.Header(withSign: isWatching));
        var subscription = await client.SubscribeAsync(isWatching ? SystemSubjects.Clients : SystemSubjects.ConnectedClients, options, cancellationToken).ConfigureAwait(false);
        do
        {
            while (subscription.TryRead(out var message)) isAny |= Print(parsed, client.Id, message);
        }
        while (isWatching && await subscription.WaitToReadAsync(cancellationToken).ConfigureAwait(false));
        if (subscription.MissedCount == 0) return isAny ? ExitCodes.Done : ExitCodes.Nothing;
        StandardError.Say($"missed {subscription.MissedCount} messages; the list is not complete");
        return ExitCodes.Missed;
    }

    private static bool Print(ParseResult parsed, Guid self, in Message message)
    {
        if (message.Subject == SystemSubjects.Connected(self)) return false;
        if (parsed.GetValue(Json)) Console.WriteLine(Encoding.UTF8.GetString(message.Payload.Span));
        else Console.WriteLine(ClientLine.Of(message, withSign: parsed.GetValue(Watch)));
        return true;
    }
}
