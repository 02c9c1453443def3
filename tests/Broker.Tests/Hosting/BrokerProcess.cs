using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace UdsBroker.Broker.Tests.Hosting;

/// <summary>A real broker process, its standard error and its end.</summary>
public sealed class BrokerProcess : IDisposable
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _line = new(0);

    private BrokerProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_error)
                _error.Append(line.Data).Append('\n');
            _firstLine.TrySetResult(line.Data ?? "");
            _line.Release();
        };
        process.BeginErrorReadLine();
    }

    /// <summary>Its process id.</summary>
    public int Pid => _process.Id;

    /// <summary>All it has written to standard error.</summary>
    public string Error
    {
        get
        {
            lock (_error)
                return _error.ToString();
        }
    }

    /// <summary>Starts one with these arguments; none of the machine's own settings reach it.</summary>
    /// <remarks>
    /// A test run in the background of a shell inherits "ignore" for SIGINT, and one of nohup(1) for SIGHUP, and .NET respects it: env(1) gives the
    /// default back.
    /// </remarks>
    public static BrokerProcess Start(params string[] arguments) =>
        Start(new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT,HUP", Executable, .. arguments]));

    /// <summary>As <see cref="Start(string[])"/>, allowed only so many descriptors.</summary>
    public static BrokerProcess StartWithDescriptors(int limit, params string[] arguments) =>
        Start(new ProcessStartInfo("/bin/sh", ["-c", $"ulimit -n {limit}; exec \"$0\" \"$@\"", Executable, .. arguments]));

    private static string Executable => Path.Combine(AppContext.BaseDirectory, "udsbroker");

    private static BrokerProcess Start(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        start.Environment.Remove("UDSBROKER_SOCKET");
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // no diagnostic sockets left in the temporary folder by killed ones
        return new BrokerProcess(Process.Start(start)!);
    }

    /// <summary>The first line of standard error: the start line of a healthy broker. Empty when it ended without output.</summary>
    public Task<string> FirstLineAsync() => _firstLine.Task.WaitAsync(Hang, TestContext.Current.CancellationToken);

    /// <summary>Waits until standard error holds the text.</summary>
    public async Task WaitForAsync(string text)
    {
        while (!Error.Contains(text, StringComparison.Ordinal))
            Assert.True(await _line.WaitAsync(Hang, TestContext.Current.CancellationToken) && !_process.HasExited, $"no line with '{text}' in: {Error}");
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(PosixSignal signal) => Assert.Equal(0, Kill(Pid, signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGTERM => 15,
        _ => throw new ArgumentOutOfRangeException(nameof(signal)),
    }));

    /// <summary>Ends it without a chance to clean up, and waits until it is gone.</summary>
    public void KillNow()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Waits until it has ended and all of standard error is read.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Hang, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            KillNow();
        _process.Dispose();
        _line.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);
}
