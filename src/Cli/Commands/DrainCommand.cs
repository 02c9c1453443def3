using System.CommandLine;
using System.Text.Json;
using UdsBroker.Protocol;

namespace UdsBroker.Cli.Commands;

/// <summary>
/// <c>udsb drain</c>: tells the broker to accept nothing new, to close its connections gradually, and to end. For its operators.
/// </summary>
internal static class DrainCommand
{
    internal static Command Create()
    {
        var command = new Command("drain", "Makes the broker send its clients away and end. For root and the user that the broker runs as.");
        command.SetAction(Run.WithClient(
            async (_, client, cancellationToken) =>
            {
                var answer = await client.RequestAsync(BrokerOperations.SubjectOf(BrokerOperations.Drain), default, cancellationToken: cancellationToken).ConfigureAwait(false);
                using var statistics = JsonDocument.Parse(answer.Payload);
                var open = statistics.RootElement.GetProperty("connections"u8).GetProperty("open"u8).GetInt64() - 1;
                Console.WriteLine($"the broker accepts nothing new and sends {open} other {(open == 1 ? "connection" : "connections")} away");
                return ExitCodes.Done;
            }));
        return command;
    }
}
