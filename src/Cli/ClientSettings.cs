using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using UdsBroker.Cli.Options;
using UdsBroker.Client;

namespace UdsBroker.Cli;

/// <summary>The options that every command has, and the client they describe.</summary>
internal static class ClientSettings
{
    private const int LongestSubjectInName = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    internal static readonly Option<string?> Socket = new("--socket", "-s")
    {
        Description = "The broker's socket: a path or @name, with unix-seqpacket: or unix-dgram: before it if it is of that kind. Without it $UDSBROKER_SOCKET, else the place where a broker of this user listens.",
        HelpName = "address",
        Recursive = true,
    };

    internal static readonly Option<string?> Name = new("--name")
    {
        Description = "What this client is called in the broker's log and by udsb clients. Without it, the command and its subject.",
        HelpName = "name",
        Recursive = true,
    };

    internal static readonly Option<bool> Unverified = new("--unverified")
    {
        Description = "Do not check which user the broker runs as: for a broker of another user, or datagrams to a place that others may take.",
        Recursive = true,
    };

    internal static readonly Option<TimeSpan?> Patience = CreatePatience();

    /// <summary>A connected client for the command.</summary>
    internal static async Task<UdsBrokerClient> ConnectAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var client = new UdsBrokerClient(new UdsBrokerOptions
        {
            Path = parsed.GetValue(Socket),
            Name = parsed.GetValue(Name) ?? NameOf(parsed.CommandResult),
            Will = WillOption.Read(parsed),
            VerifyServerUid = !parsed.GetValue(Unverified),
            ExpectedServerUid = ServerUserOption.Read(parsed),
            Reconnect = ReconnectOption.Read(parsed),
        });
        try
        {
            ReconnectOption.Tell(client);
            await ConnectAsync(client, parsed.GetValue(Patience) ?? TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // Until the time is up, and then the last failure is what is said.
    private static async Task ConnectAsync(UdsBrokerClient client, TimeSpan patience, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await client.ConnectAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (ConnectFailedException failure) when (failure.IsTransient && Stopwatch.GetElapsedTime(start) < patience)
            {
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // As in "udsb sub orders.>": a list of clients that are all called udsb says little.
    private static string NameOf(CommandResult command)
    {
        var subject = command.Children.OfType<ArgumentResult>().FirstOrDefault(each => each.Argument.Name is "subject" or "pattern") is { Tokens.Count: > 0 } argument ? string.Join(' ', argument.Tokens.Select(token => token.Value)) : null;
        return subject is { Length: <= LongestSubjectInName } ? $"udsb {command.Command.Name} {subject}" : $"udsb {command.Command.Name}";
    }

    private static Option<TimeSpan?> CreatePatience()
    {
        var option = DurationOption.Create("--wait", "Wait for so long until the broker is there, such as 10s. Without it, one attempt.");
        option.Recursive = true;
        return option;
    }
}
