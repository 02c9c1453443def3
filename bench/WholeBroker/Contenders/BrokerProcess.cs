using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using UdsBroker.Bench.Load;
using UdsBroker.Bench.Native;
using UdsBroker.Bench.Wires;

namespace UdsBroker.Bench.Contenders;

/// <summary>A running broker of ours or of a peer: where it is reached and what it costs. Disposing ends it.</summary>
internal sealed class BrokerProcess : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly double TicksPerSecond = 100; // USER_HZ, the unit of /proc/<pid>/stat on every Linux

    private readonly Process _process;
    private readonly Contender _contender;
    private readonly EndPoint _address;

    private BrokerProcess(Process process, Contender contender, EndPoint address)
    {
        _process = process;
        _contender = contender;
        _address = address;
    }

    internal Contender Contender => _contender;

    internal Wire Wire => _contender.Wire;

    internal int Pid => _process.Id;

    /// <summary>The path of its socket, for those that connect by themselves.</summary>
    internal string SocketPath => _address.ToString()!;

    /// <summary>Starts a program and waits until it answers a greeting.</summary>
    internal static BrokerProcess Start(Contender contender, EndPoint address, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var broker = new BrokerProcess(process, contender, address);
        try
        {
            broker.AwaitReady();
            return broker;
        }
        catch
        {
            broker.Dispose();
            throw;
        }
    }

    /// <summary>A new connection, greeted.</summary>
    internal Link Connect() => Link.Connect(_address, _contender.SocketType, Wire);

    /// <summary>Processor time it has used so far, in user and kernel mode.</summary>
    internal TimeSpan ProcessorTime()
    {
        // The name, in brackets, may hold spaces; utime and stime are the 12th and 13th field after it, proc(5).
        var stat = File.ReadAllText($"/proc/{Pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    /// <summary>Resident memory, in bytes.</summary>
    internal long ResidentBytes()
    {
        var line = File.ReadLines($"/proc/{Pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Posix.Signal(Pid, Posix.SigTerm);
            if (!_process.WaitForExit(5000)) Posix.Signal(Pid, Posix.SigKill);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void AwaitReady()
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                Connect().Dispose();
                return;
            }
            catch (Exception e) when (e is SocketException or EndOfStreamException)
            {
                if (_process.HasExited) throw new InvalidOperationException($"{_contender.Name} ended with code {_process.ExitCode} instead of listening", e);
                if (Stopwatch.GetElapsedTime(start) > StartTimeout) throw;
                Posix.Poll([], 1);
            }
        }
    }
}
