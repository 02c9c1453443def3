using System.CommandLine;
using UdsBroker.Cli.Options;
using UdsBroker.Cli.Output;
using UdsBroker.Client;

namespace UdsBroker.Cli.Commands;

/// <summary>
/// <c>udsb sub PATTERN</c>: prints messages until Ctrl-C, the end of the broker or a count. Into a pipe the payloads go byte for byte and nothing
/// else; to a terminal each message is a readable line.
/// </summary>
internal static class SubCommand
{
    private static readonly Argument<string> Pattern = new("pattern") { Description = "What to receive, such as orders.*.created or orders.>." };

    private static readonly Option<int?> Count = PositiveNumber.Option("--count", "End after so many messages, missed ones included.", "n", "-c", "--max");

    private static readonly Option<bool> NoRetained = new("--no-retained") { Description = "Leave out what was published before and is retained." };

    private static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Say on standard error when the subscription is active." };

    internal static Command Create()
    {
        var command = new Command("sub", "Subscribes and prints what arrives.") { Pattern, Count, NoRetained, Verbose };
        FormatOptions.AddTo(command);
        FlowOptions.AddTo(command);
        WillOption.AddTo(command);
        ReconnectOption.AddTo(command);
        command.SetAction(Run.UntilInterrupted(ReceiveAsync));
        return command;
    }

    private static async Task<int> ReceiveAsync(ParseResult parsed, UdsBrokerClient client, CancellationToken cancellationToken)
    {
        var wasAway = false;
        client.Disconnected += end => wasAway |= end.WillReconnect;
        var subscription = await client.SubscribeAsync(
            parsed.GetValue(Pattern)!,
            FlowOptions.Read(parsed) with { MaxMessages = parsed.GetValue(Count), Retained = !parsed.GetValue(NoRetained) },
            cancellationToken).ConfigureAwait(false);
        if (parsed.GetValue(Verbose)) StandardError.Say($"subscribed to {subscription.Pattern}");
        using var output = new MessageOutput(new StandardOutput(), FormatOptions.Read(parsed));
        try
        {
            await PrintAsync(subscription, output, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how this command usually ends.
        }
        finally
        {
            // Whatever ended it.
            if (subscription.MissedCount > 0)
                StandardError.Say($"missed {subscription.MissedCount} messages");
        }

        return subscription.MissedCount == 0 && !Volatile.Read(ref wasAway) ? ExitCodes.Done : ExitCodes.Missed;
    }

    private static async Task PrintAsync(Subscription subscription, MessageOutput output, CancellationToken cancellationToken)
    {
        while (await subscription.ReadBatchAsync(cancellationToken).ConfigureAwait(false) is { Count: > 0 } batch)
        {
            using (batch) output.Write(batch);
        }
    }
}
