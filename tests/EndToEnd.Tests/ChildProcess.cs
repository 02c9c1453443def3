using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace UdsBroker.EndToEnd.Tests;

/// <summary>
/// One of our programs as a real process. Standard output goes to a file untouched; the lines of standard error can be awaited. Disposing kills
/// whatever is left of it.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>An upper bound against hangs, far above what anything here takes.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly SemaphoreSlim _line = new(0);
    private readonly Task _output;
    private readonly Task _error;

    private ChildProcess(Process process, string outputFile)
    {
        _process = process;
        _output = CopyOutputAsync(outputFile);
        _error = ReadErrorsAsync();
    }

    internal int Id => _process.Id;

    internal string Errors => string.Join('\n', _errors);

    internal static ChildProcess Start(string program, IEnumerable<string> arguments, string outputFile, IReadOnlyDictionary<string, string?>? environment = null) =>
        StartAs([], program, arguments, outputFile, environment);

    /// <summary>As the other, started by a wrapper command that changes the process and then executes it.</summary>
    internal static ChildProcess StartAs(
        IEnumerable<string> wrapper, string program, IEnumerable<string> arguments, string outputFile, IReadOnlyDictionary<string, string?>? environment = null)
    {
        // A test run in the background of a shell inherits "ignore" for SIGINT, and one of nohup(1) for SIGHUP, and .NET respects it: env(1) gives the
        // default back.
        var start = new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT,HUP", .. wrapper, Path.Combine(AppContext.BaseDirectory, program), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        return new ChildProcess(Process.Start(start)!, outputFile);
    }

    /// <summary>Waits until standard error has a line with the text, and returns that line.</summary>
    internal async Task<string> WaitForErrorLineAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (_errors.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } found) return found;
            if (_error.IsCompleted) throw new InvalidOperationException($"The process ended without the line '{text}': {Errors}");
            await _line.WaitAsync(patience.Token);
        }
    }

    /// <summary>Waits for the end and for all output; returns the exit code.</summary>
    internal async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        await Task.WhenAll(_output, _error).WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>Fails with the last output of a process that should still run.</summary>
    internal async Task AssertRunsAsync()
    {
        if (_process.HasExited) Assert.Fail($"the process ended with {await WaitForExitAsync()}: {Errors}");
    }

    /// <summary>Sends a signal by its name, as kill(1) knows it.</summary>
    internal void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    internal void CloseInput() => _process.StandardInput.Close();

    internal Stream Input => _process.StandardInput.BaseStream;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true); // strace(1), for one, would leave its child
        await Task.WhenAll(_output, _error).WaitAsync(Patience);
        _process.Dispose();
        _line.Dispose();
    }

    private async Task CopyOutputAsync(string file)
    {
        // Without a buffer, so that a test can follow what a running process prints.
        await using var output = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        await _process.StandardOutput.BaseStream.CopyToAsync(output);
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _errors.Enqueue(line);
            _line.Release();
        }

        _line.Release();
    }
}
