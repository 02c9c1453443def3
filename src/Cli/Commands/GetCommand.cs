using System.CommandLine;
using UdsBroker.Cli.Options;
using UdsBroker.Cli.Output;
using UdsBroker.Client;

namespace UdsBroker.Cli.Commands;

/// <summary><c>udsb get PATTERN</c>: prints the retained messages whose subjects match, and ends.</summary>
internal static class GetCommand
{
    private static readonly Argument<string> Pattern = CheckedSubject.Pattern<string>("pattern", "Of which subjects, such as plant.pump.state or plant.>.", ArgumentArity.ExactlyOne);

    internal static Command Create()
    {
        var command = new Command("get", "Prints the retained messages of matching subjects and leaves.") { Pattern };
        FormatOptions.AddTo(command);
        command.SetAction(Run.WithClient(PrintAsync));
        return command;
    }

    private static async Task<int> PrintAsync(ParseResult parsed, UdsBrokerClient client, CancellationToken cancellationToken)
    {
        // What was published in the meantime is not what was asked for; only retained messages are printed.
        var subscription = await client.SubscribeAsync(parsed.GetValue(Pattern)!, cancellationToken: cancellationToken).ConfigureAwait(false);
        using var output = new MessageOutput(new StandardOutput(), FormatOptions.Read(parsed)) { OnlyRetained = true };
        var draining = subscription.DrainAsync(cancellationToken).AsTask();
        while (await subscription.ReadBatchAsync(cancellationToken).ConfigureAwait(false) is { Count: > 0 } batch)
        {
            using (batch) output.Write(batch);
        }

        await draining.ConfigureAwait(false);
        return output.IsEmpty ? ExitCodes.Nothing : ExitCodes.Done;
    }
}
