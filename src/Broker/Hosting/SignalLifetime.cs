using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace UdsBroker.Broker.Hosting;

/// <summary>
/// Handles signals, signal(7). SIGTERM, SIGINT and SIGQUIT ask the broker to end in order; a second one ends it at once. SIGHUP reloads the
/// settings; a closed terminal sends it as well, which does no harm.
/// </summary>
/// <remarks>
/// Some wrappers, such as timeout(1), signal the process and then its whole group, so one request arrives twice within microseconds. A
/// signal that follows the first within <see cref="SameRequest"/> therefore counts as the same request.
/// </remarks>
internal sealed class SignalLifetime : IHostLifetime, IDisposable
{
    /// <summary>Signals as close as this are one request; a person or a supervisor that loses patience takes longer.</summary>
    internal static readonly TimeSpan SameRequest = TimeSpan.FromMilliseconds(200);

    private readonly IHostApplicationLifetime _application;
    private readonly TimeProvider _clock;
    private readonly Action<int> _exit;
    private readonly Lock _gate = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private long? _stopRequestedAt;

    /// <summary>Creates the lifetime of this process.</summary>
    /// <param name="application">What is asked to end.</param>
    /// <param name="clock">Tells a second request from an echo of the first.</param>
    public SignalLifetime(IHostApplicationLifetime application, TimeProvider clock)
        : this(application, clock, Environment.Exit)
    {
    }

    /// <summary>As the other, with another way to end the process at once.</summary>
    internal SignalLifetime(IHostApplicationLifetime application, TimeProvider clock, Action<int> exit)
    {
        _application = application;
        _clock = clock;
        _exit = exit;
    }

    /// <summary>Called for SIGHUP, on a thread of the pool.</summary>
    public Action OnHangup { get; set; } = () => { };

    /// <summary>Whether a signal has asked the broker to end.</summary>
    public bool IsStopRequested
    {
        get
        {
            lock (_gate)
                return _stopRequestedAt is not null;
        }
    }

    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        Register(PosixSignal.SIGINT, 2);
        Register(PosixSignal.SIGQUIT, 3);
        Register(PosixSignal.SIGTERM, 15);
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            OnHangup();
        }));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    /// <summary>The first signal asks, a later one ends the process.</summary>
    internal void OnSignal(int number)
    {
        long? requestedAt;
        lock (_gate)
        {
            requestedAt = _stopRequestedAt;
            _stopRequestedAt ??= _clock.GetTimestamp();
        }

        if (requestedAt is null)
            _application.StopApplication();
        else if (_clock.GetElapsedTime(requestedAt.Value) > SameRequest)
            _exit(ExitCode.OfSignal(number));
    }

    private void Register(PosixSignal signal, int number) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            OnSignal(number);
        }));
}
