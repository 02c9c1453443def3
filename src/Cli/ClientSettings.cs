using System.CommandLine;
using UdsBroker.Cli.Commands;
using UdsBroker.Client;

namespace UdsBroker.Cli;

/// <summary>The options that every command has, and the client they describe.</summary>
internal static class ClientSettings
{
    internal static readonly Option<string?> Socket = new("--socket", "-s")
    {
        Description = "The broker's socket; without it $UDSBROKER_SOCKET, else the place where a broker of this user listens.",
        HelpName = "path",
        Recursive = true,
    };

    internal static readonly Option<string?> Name = new("--name")
    {
        Description = "What this client is called in the broker's log.",
        HelpName = "name",
        Recursive = true,
    };

    /// <summary>A connected client for the command; it does not come back after its connection is lost, so that a script notices.</summary>
    internal static async Task<UdsBrokerClient> ConnectAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var client = new UdsBrokerClient(new UdsBrokerOptions
        {
            Path = parsed.GetValue(Socket),
            Name = parsed.GetValue(Name) ?? "udsb",
            Will = parsed.GetValue(WillOption.Option),
            Reconnect = new ReconnectOptions { Enabled = false },
        });
        try
        {
            await client.ConnectAsync(cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
