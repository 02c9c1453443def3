namespace UdsBroker.Cli;

/// <summary>What <c>udsb</c> tells the shell. Scripts rely on the numbers; they are documented in the README.</summary>
internal static class ExitCodes
{
    /// <summary>All of them, for the help.</summary>
    internal static readonly string Summary =
        $"Exit codes: {Done} done; {Failed} failed; {Usage} the command line is wrong; {Missed} done, but messages were dropped or missed; "
        + $"{Nothing} done, but there was nothing; {Interrupted} or {Terminated} cut short by Ctrl-C or SIGTERM.";

    /// <summary>
    /// Done. Also after Ctrl-C or SIGTERM on a command that runs until then, and when the reader of the output has closed it.
    /// </summary>
    internal const int Done = 0;

    /// <summary>The broker cannot be reached, went away, or refused what was asked; the reason is on standard error.</summary>
    internal const int Failed = 1;

    /// <summary>The command line is wrong; nothing was done.</summary>
    internal const int Usage = 2;

    /// <summary>Done, but messages were dropped on the way: <c>sub</c> missed some, or <c>pub</c> got a receipt that says so.</summary>
    internal const int Missed = 3;

    /// <summary>Done, but there was nothing: <c>get</c> found no retained message, <c>sub</c> no message in its time, <c>clients</c> nobody else.</summary>
    internal const int Nothing = 4;

    /// <summary>Ctrl-C cut it short: as for shells, 128 and the number of SIGINT.</summary>
    internal const int Interrupted = 128 + 2;

    /// <summary>SIGTERM cut it short.</summary>
    internal const int Terminated = 128 + 15;
}
