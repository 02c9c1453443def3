using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using UdsBroker.Broker.Diagnostics;

namespace UdsBroker.Broker.Hosting;

/// <summary>
/// What signals do, signal(7). SIGTERM, SIGINT and SIGQUIT ask the broker to end in order; a second one of them ends it at once. SIGHUP,
/// which a closed terminal sends and which would kill, is noted and does nothing.
/// </summary>
internal sealed class SignalLifetime : IHostLifetime, IDisposable
{
    private readonly IHostApplicationLifetime _application;
    private readonly ILogger _logger;
    private readonly Action<int> _exit;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _asked;

    /// <summary>Creates the lifetime of this process.</summary>
    /// <param name="application">What is asked to end.</param>
    /// <param name="loggers">For the one line of SIGHUP.</param>
    public SignalLifetime(IHostApplicationLifetime application, ILoggerFactory loggers)
        : this(application, loggers.CreateLogger(StandardError.Category), Environment.Exit)
    {
    }

    /// <summary>As the other, with another way to end the process at once.</summary>
    internal SignalLifetime(IHostApplicationLifetime application, ILogger logger, Action<int> exit)
    {
        _application = application;
        _logger = logger;
        _exit = exit;
    }

    /// <summary>Whether a signal has asked the broker to end.</summary>
    public bool IsAsked => Volatile.Read(ref _asked) != 0;

    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        Register(PosixSignal.SIGINT, 2);
        Register(PosixSignal.SIGQUIT, 3);
        Register(PosixSignal.SIGTERM, 15);
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            _logger.HangupIgnored();
        }));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    /// <summary>The first signal asks, any later one ends the process.</summary>
    internal void OnSignal(int number)
    {
        if (Interlocked.Exchange(ref _asked, 1) == 0)
            _application.StopApplication();
        else
            _exit(ExitCode.OfSignal(number));
    }

    private void Register(PosixSignal signal, int number) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            OnSignal(number);
        }));
}
