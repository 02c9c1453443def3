using System.CommandLine;
using UdsBroker.Cli.Options;
using UdsBroker.Cli.Output;

namespace UdsBroker.Cli.Commands;

/// <summary><c>udsb send ID [PAYLOAD|-]</c>: a direct message to one connection. Fails when that is not connected.</summary>
internal static class SendCommand
{
    private static readonly Argument<Guid?> Id = ConnectionId.Argument("The identity of the connection, as udsb clients shows it and every message names its sender.");

    internal static Command Create()
    {
        var command = new Command("send", "Sends a message straight to one connection.") { Id, PayloadArgument.Argument, HeaderOption.Option };
        PayloadArgument.Require(command);
        command.SetAction(Run.WithClient(
            async (parsed, client, cancellationToken) =>
            {
                var recipient = parsed.GetValue(Id)!.Value;
                var payload = await PayloadArgument.ReadAsync(parsed, client, cancellationToken).ConfigureAwait(false);
                await client.SendAsync(recipient, payload, HeaderOption.Read(parsed), cancellationToken: cancellationToken).ConfigureAwait(false);
                var receipt = await client.FlushAsync(cancellationToken).ConfigureAwait(false);
                if (receipt.Matched > 0) return ExitCodes.Done;
                StandardError.Say($"there is no connection {recipient}");
                return ExitCodes.Failed;
            }));
        return command;
    }
}
