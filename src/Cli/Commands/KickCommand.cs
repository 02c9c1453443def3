using System.CommandLine;
using System.Text.Json.Nodes;
using UdsBroker.Cli.Options;
using UdsBroker.Protocol;

namespace UdsBroker.Cli.Commands;

/// <summary>
/// <c>udsb kick ID</c>: closes a connection; a client of this library does not reconnect after that. For the broker's operators.
/// </summary>
internal static class KickCommand
{
    private static readonly Argument<Guid?> Id = ConnectionId.Argument("The identity of the connection, as udsb clients shows it.");

    private static readonly Option<string?> Message = new("--message", "-m") { Description = "What its client is told.", HelpName = "text" };

    internal static Command Create()
    {
        var command = new Command("kick", "Closes a connection. For root and the user that the broker runs as.") { Id, Message };
        command.SetAction(Run.WithClient(
            async (parsed, client, cancellationToken) =>
            {
                var arguments = new JsonObject { ["id"] = parsed.GetValue(Id) };
                if (parsed.GetValue(Message) is { } message) arguments["message"] = message;
                await client.RequestAsync(BrokerOperations.SubjectOf(BrokerOperations.Kick), System.Text.Encoding.UTF8.GetBytes(arguments.ToJsonString()), cancellationToken: cancellationToken).ConfigureAwait(false);
                return ExitCodes.Done;
            }));
        return command;
    }
}
