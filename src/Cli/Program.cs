using System.CommandLine;
using UdsBroker.Cli;
using UdsBroker.Cli.Output;

using var output = new StreamWriter(new StandardOutput());
output.AutoFlush = true;
Console.SetOut(output);
using var interruption = new Interruption();
try
{
    if (TypedText.FindProblem(args) is { } problem)
    {
        StandardError.Say(problem);
        return ExitCodes.Usage;
    }

    var parsed = CommandTree.Read(CommandTree.Create(), args);
    if (parsed.Errors.Count > 0) return WrongCommandLine.Explain(parsed);

    // Signals and exceptions end here, not in the parser's own way.
    var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
    return await parsed.InvokeAsync(configuration, interruption.Token).ConfigureAwait(false);
}
catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
{
    return interruption.ExitCode;
}
catch (OutputException error) when (error.IsReaderGone)
{
    return ExitCodes.Done;
}
catch (OutputException error)
{
    StandardError.Say(error.Message);
    return ExitCodes.Failed;
}
