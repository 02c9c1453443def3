using System.CommandLine;
using UdsBroker.Cli.Output;
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
        catch (Exception e) when (e is UdsBrokerException or IOException or UnauthorizedAccessException or FormatException or NotSupportedException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"udsb: {Describe(e)}").ConfigureAwait(false);

            // What the library takes for a wrong argument was one of ours: a subject with an empty token, say.
            return e is FormatException or ArgumentException ? ExitCodes.Usage : ExitCodes.Failed;
        }
    };

    // Lines stay lines; the name of a parameter of the library means nothing to whoever types a command.
    private static string Describe(Exception error)
    {
        var text = error switch
        {
            ConnectFailedException failure => ConnectAdvice.Describe(failure),
            ArgumentException { ParamName: not null } => error.Message.Split(" (Parameter '")[0],
            _ => error.Message,
        };
        return string.Join('\n', text.Split('\n').Select(TerminalText.Escape));
    }
}
