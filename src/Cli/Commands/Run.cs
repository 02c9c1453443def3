using System.CommandLine;
using UdsBroker.Cli.Output;
using UdsBroker.Client;

namespace UdsBroker.Cli.Commands;

/// <summary>The frame around every command: a connected client, and each way it can fail turned into one line and an exit code.</summary>
internal static class Run
{
    /// <summary>Runs a command with a connected client. One that is interrupted was cut short: that is an exception, for the program to end with.</summary>
    internal static Func<ParseResult, CancellationToken, Task<int>> WithClient(Func<ParseResult, UdsBrokerClient, CancellationToken, Task<int>> body) => async (parsed, cancellationToken) =>
    {
        try
        {
            await using var client = await ClientSettings.ConnectAsync(parsed, cancellationToken).ConfigureAwait(false);
            return await body(parsed, client, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is UdsBrokerException or IOException or UnauthorizedAccessException or FormatException or NotSupportedException or ArgumentException)
        {
            StandardError.Say(Describe(e));

            // An argument that the library rejects came from the command line: a subject with an empty token, say.
            return e is FormatException or ArgumentException or ConnectFailedException { Failure: ConnectFailure.BadPath } ? ExitCodes.Usage : ExitCodes.Failed;
        }
    };

    /// <summary>As the other overload, for a command whose interruption is its normal end.</summary>
    /// <param name="body">The command.</param>
    /// <param name="isEndless">Whether the command line asks for that; always if null.</param>
    internal static Func<ParseResult, CancellationToken, Task<int>> UntilInterrupted(
        Func<ParseResult, UdsBrokerClient, CancellationToken, Task<int>> body, Func<ParseResult, bool>? isEndless = null) => async (parsed, cancellationToken) =>
    {
        try
        {
            return await WithClient(body)(parsed, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && isEndless?.Invoke(parsed) is not false)
        {
            return ExitCodes.Done;
        }
    };

    // The name of a parameter of the library means nothing on a command line.
    private static string Describe(Exception error) => error switch
    {
        ConnectFailedException failure => ConnectAdvice.Describe(failure),
        ArgumentException { ParamName: not null } => error.Message.Split(" (Parameter '")[0],
        _ => error.Message,
    };
}
