using System.CommandLine;
using UdsBroker.Cli.Options;
using UdsBroker.Cli.Output;
using UdsBroker.Client;

namespace UdsBroker.Cli.Commands;

/// <summary>
/// <c>udsb sub PATTERN...</c>: prints messages until Ctrl-C, the end of the broker, a count or a time. Into a pipe the payloads go byte for byte and nothing
/// else; to a terminal each message is a readable line.
/// </summary>
internal static class SubCommand
{
    private static readonly Argument<string[]> Patterns = CheckedSubject.Pattern<string[]>(
        "pattern", "What to receive, such as orders.*.created or orders.>. What matches several patterns comes for each of them.", ArgumentArity.OneOrMore);

    private static readonly Option<int?> Count = PositiveNumber.Option("--count", "End after so many messages, missed ones included.", "n", "-c", "--max");

    private static readonly Option<TimeSpan?> Timeout = DurationOption.CreatePositive("--timeout", "End after so long; with exit code 4 if nothing came.", "-t");

    private static readonly Option<bool> NoRetained = new("--no-retained") { Description = "Leave out what was published before and is retained." };

    private static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Say on standard error when the subscription is active." };

    internal static Command Create()
    {
        var command = new Command("sub", "Subscribes and prints what arrives.") { Patterns, Count, Timeout, NoRetained, Verbose };
        FormatOptions.AddTo(command);
        FlowOptions.AddTo(command);
        WillOption.AddTo(command);
        ReconnectOption.AddTo(command);
        command.AddRule(result =>
        {
            // The broker counts for each subscription, so that a member of a queue group takes no more than it prints.
            if (result.GetResult(Count) is not null && result.GetValue(Patterns) is { Length: > 1 }) result.AddError("--count is for one pattern");
        });
        command.SetAction(Run.UntilInterrupted(ReceiveAsync));
        return command;
    }

    private static async Task<int> ReceiveAsync(ParseResult parsed, UdsBrokerClient client, CancellationToken cancellationToken)
    {
        var wasAway = false;
        client.Disconnected += end => wasAway |= end.WillReconnect;
        var options = FlowOptions.Read(parsed) with { MaxMessages = parsed.GetValue(Count), Retained = !parsed.GetValue(NoRetained) };
        var subscriptions = new List<Subscription>();
        foreach (var pattern in parsed.GetValue(Patterns)!) subscriptions.Add(await client.SubscribeAsync(pattern, options, cancellationToken).ConfigureAwait(false));
        if (parsed.GetValue(Verbose)) StandardError.Say($"subscribed to {string.Join(' ', subscriptions.Select(subscription => subscription.Pattern))}");
        using var output = new MessageOutput(new StandardOutput(), FormatOptions.Read(parsed));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (parsed.GetValue(Timeout) is { } time) end.CancelAfter(time);
        try
        {
            // The first to fail ends the others.
            var all = new ParallelOptions { MaxDegreeOfParallelism = subscriptions.Count, CancellationToken = end.Token };
            await Parallel.ForEachAsync(subscriptions, all, (subscription, stop) => PrintAsync(subscription, output, stop)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Ctrl-C is how this command usually ends.
        }
        finally
        {
            // Whatever ended it.
            if (Missed(subscriptions) is > 0 and var missed) StandardError.Say($"missed {missed} messages");
        }

        if (Missed(subscriptions) > 0 || Volatile.Read(ref wasAway)) return ExitCodes.Missed;
        return output.IsEmpty && !cancellationToken.IsCancellationRequested && end.IsCancellationRequested ? ExitCodes.Nothing : ExitCodes.Done;
    }

    private static ulong Missed(List<Subscription> subscriptions) => subscriptions.Aggregate(0UL, (sum, subscription) => sum + subscription.MissedCount);

    private static async ValueTask PrintAsync(Subscription subscription, MessageOutput output, CancellationToken cancellationToken)
    {
        while (await subscription.ReadBatchAsync(cancellationToken).ConfigureAwait(false) is { Count: > 0 } batch)
        {
            using (batch) output.Write(batch);
        }
    }
}
