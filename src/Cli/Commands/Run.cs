using System.CommandLine;
using UdsBroker.Client;

namespace UdsBroker.Cli.Commands;

/// <summary>The frame around every command: a connected client, and each way it can fail turned into one line and an exit code.</summary>
internal static class Run
{
    /// <summary>Runs a command with a connected client.</summary>
    /// <param name="body">The command; it returns an exit code.</param>
    /// <param name="cancelled">The exit code after Ctrl-C: a command that runs until then is done, another one was cut short.</param>
    internal static Func<ParseResult, CancellationToken, Task<int>> WithClient(
        Func<ParseResult, UdsBrokerClient, CancellationToken, Task<int>> body, int cancelled) => async (parsed, cancellationToken) =>
    {
        try
        {
            await using var client = await ClientSettings.ConnectAsync(parsed, cancellationToken).ConfigureAwait(false);
            return await body(parsed, client, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return cancelled;
        }
        catch (Exception e) when (e is UdsBrokerException or IOException or UnauthorizedAccessException or FormatException or NotSupportedException)
        {
            await Console.Error.WriteLineAsync($"udsb: {e.Message}").ConfigureAwait(false);
            return ExitCodes.Failed;
        }
    };
}
