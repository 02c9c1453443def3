using System.Runtime.InteropServices;

namespace UdsBroker.Cli;

/// <summary>
/// Ctrl-C and SIGTERM. The first asks the command to end in order; a second one ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;

    internal Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => End(context, ExitCodes.Interrupted)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => End(context, ExitCodes.Terminated)),
    ];

    /// <summary>Cancelled by the first signal.</summary>
    internal CancellationToken Token => _source.Token;

    /// <summary>The exit code of what the signal has cut short.</summary>
    internal int ExitCode => _exitCode;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void End(PosixSignalContext context, int exitCode)
    {
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) != 0) return;
        context.Cancel = true;
        _source.Cancel();
    }
}
