using System.CommandLine;
using UdsBroker.Cli.Options;
using UdsBroker.Client;

namespace UdsBroker.Cli;

/// <summary>The options that every command has, and the client they describe.</summary>
internal static class ClientSettings
{
    internal static readonly Option<string?> Socket = new("--socket", "-s")
    {
        Description = "The broker's socket: a path or @name, with unix-seqpacket: or unix-dgram: before it if it is of that kind. Without it $UDSBROKER_SOCKET, else the place where a broker of this user listens.",
        HelpName = "address",
        Recursive = true,
    };

    internal static readonly Option<string?> Name = new("--name")
    {
        Description = "What this client is called in the broker's log.",
        HelpName = "name",
        Recursive = true,
    };

    internal static readonly Option<bool> Unverified = new("--unverified")
    {
        Description = "Do not check which user the broker runs as: for a broker of another user, or datagrams to a place that others may take.",
        Recursive = true,
    };

    /// <summary>A connected client for the command; it does not come back after its connection is lost, so that a script notices.</summary>
    internal static async Task<UdsBrokerClient> ConnectAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var client = new UdsBrokerClient(new UdsBrokerOptions
        {
            Path = parsed.GetValue(Socket),
            Name = parsed.GetValue(Name) ?? "udsb",
            Will = WillOption.Read(parsed),
            VerifyServerUid = !parsed.GetValue(Unverified),
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
