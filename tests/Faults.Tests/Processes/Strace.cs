using System.Text.RegularExpressions;
using UdsBroker.EndToEnd.Tests;

namespace UdsBroker.Faults.Tests;

/// <summary>strace(1) over a broker: it sees system calls, and makes some of them fail.</summary>
internal static partial class Strace
{
    /// <summary>Starts a broker under it.</summary>
    /// <param name="trace">The file of what it sees.</param>
    /// <param name="calls">Which calls it sees, separated by commas.</param>
    /// <param name="injection">What becomes of these; null to only record them.</param>
    /// <param name="broker">The command line of the broker.</param>
    /// <param name="output">The file of what the broker prints.</param>
    internal static ChildProcess Start(string trace, string calls, string? injection, IEnumerable<string> broker, string output) => ChildProcess.Start(
        Program.Need("strace"), ["-f", "--seccomp-bpf", "-qq", "-o", trace, "-e", $"trace={calls}", .. Inject(calls, injection), .. broker], output);

    /// <summary>From when this returns the calls of a running process on one of its sockets fail.</summary>
    internal static async Task<ChildProcess> FailAsync(int pid, string socket, string calls, string injection, string trace, string output)
    {
        var strace = ChildProcess.Start(
            Program.Need("strace"), ["-f", "-o", trace, "-P", socket, "-e", $"trace={calls}", .. Inject(calls, injection), "-p", $"{pid}"], output);
        await strace.WaitForErrorLineAsync(" attached");
        return strace;
    }

    /// <summary>How many of the calls it has made fail.</summary>
    internal static int Injected(string trace) => File.Exists(trace) ? InjectedCall().Count(File.ReadAllText(trace)) : 0;

    private static string[] Inject(string calls, string? injection) => injection is null ? [] : ["-e", $"inject={calls}:{injection}"];

    [GeneratedRegex(@"\(INJECTED\)")]
    private static partial Regex InjectedCall();
}
