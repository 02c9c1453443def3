using System.ComponentModel;
using System.Diagnostics;
using UdsBroker.Client;

namespace UdsBroker.Cli.Commands;

/// <summary>
/// One run of a command for one request: the payload is its standard input, the subject and the sender are in <c>UDSB_SUBJECT</c> and
/// <c>UDSB_SENDER</c>, its standard output is the answer. When the service ends, the process gets the same time as every request under way.
/// </summary>
internal static class RequestProcess
{
    private const int CannotStart = 127;
    private const int Aborted = Service.UnexpectedErrorCode;

    /// <exception cref="ServiceException">The command could not be started, or ended with another exit code than 0, which is the code.</exception>
    internal static async Task<ReadOnlyMemory<byte>> RunAsync(string[] command, Message request, CancellationToken aborted)
    {
        try
        {
            return await AnswerAsync(command, request, aborted).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            throw new ServiceException(Aborted, $"the service ended before {command[0]} had");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> AnswerAsync(string[] command, Message request, CancellationToken aborted)
    {
        using var process = Start(command, request);
        using var killing = aborted.Register(() => process.Kill(entireProcessTree: true));
        using var answer = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(answer, aborted);
        var errors = process.StandardError.ReadToEndAsync(aborted);
        await WriteAsync(process.StandardInput, request.Payload, aborted).ConfigureAwait(false);
        await reading.ConfigureAwait(false);
        var complaint = await errors.ConfigureAwait(false);
        await process.WaitForExitAsync(aborted).ConfigureAwait(false);
        aborted.ThrowIfCancellationRequested(); // it was killed, and that is not an end of its own
        if (process.ExitCode == 0) return answer.ToArray();
        throw new ServiceException(process.ExitCode, complaint.Trim() is { Length: > 0 } text ? text : $"{command[0]} ended with exit code {process.ExitCode}");
    }

    private static Process Start(string[] command, Message request)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["UDSB_SUBJECT"] = request.Subject;
        start.Environment["UDSB_SENDER"] = request.Sender.ToString();
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            // The kernel's words alone: those of .NET would tell every asker the folder that the service runs in.
            throw new ServiceException(CannotStart, $"{command[0]} cannot be started: {new Win32Exception(e.NativeErrorCode).Message}");
        }
    }

    private static async Task WriteAsync(StreamWriter input, ReadOnlyMemory<byte> payload, CancellationToken aborted)
    {
        try
        {
            await input.BaseStream.WriteAsync(payload, aborted).ConfigureAwait(false);
            input.Close();
        }
        catch (IOException)
        {
            // A command need not read what it does not want.
        }
    }
}
