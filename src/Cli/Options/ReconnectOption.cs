using System.CommandLine;
using UdsBroker.Cli.Output;
using UdsBroker.Client;

namespace UdsBroker.Cli.Options;

/// <summary>
/// <c>--reconnect</c>: reconnects after the connection was lost, however long that takes. Without it the command ends, so that a script
/// notices. Messages that are published meanwhile cannot be counted, but the command reports that there may be some.
/// </summary>
internal static class ReconnectOption
{
    private static readonly Option<bool> Option = new("--reconnect") { Description = "Come back after the connection was lost, and say so on standard error; what is published meanwhile is missed." };

    /// <summary>Adds the option to a command.</summary>
    internal static void AddTo(Command command) => command.Add(Option);

    /// <summary>What the command line says.</summary>
    internal static ReconnectOptions Read(ParseResult parsed) => new() { Enabled = parsed.GetValue(Option) };

    /// <summary>Says when the client loses its connection and when it is back.</summary>
    internal static void Tell(UdsBrokerClient client)
    {
        client.Disconnected += end =>
        {
            if (end.WillReconnect) StandardError.Say($"the connection is lost ({end.Message}); what is published until it is back is missed");
        };
        client.Connected += start =>
        {
            if (start.IsReconnect) StandardError.Say("the connection is back");
        };
    }
}
