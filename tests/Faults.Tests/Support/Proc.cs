using System.Globalization;

namespace UdsBroker.Faults.Tests;

/// <summary>What the kernel says about a process, proc(5).</summary>
internal static class Proc
{
    /// <summary>Open descriptors.</summary>
    internal static int Descriptors(int pid) => Directory.GetFileSystemEntries($"/proc/{pid}/fd").Length;

    /// <summary>Open sockets. Unlike all descriptors they do not grow by the files of code that is first needed for a fault.</summary>
    internal static int Sockets(int pid) => SocketNames(pid).Count;

    /// <summary>Each open socket, by the name that it has nowhere else.</summary>
    internal static HashSet<string> SocketNames(int pid) =>
    [
        .. Directory.GetFileSystemEntries($"/proc/{pid}/fd").Select(descriptor => new FileInfo(descriptor).LinkTarget ?? "")
            .Where(name => name.StartsWith("socket:", StringComparison.Ordinal)),
    ];

    /// <summary>Resident memory in bytes.</summary>
    internal static long Resident(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Processor time since the start of the process, its own and the kernel's for it.</summary>
    internal static TimeSpan Cpu(int pid)
    {
        var text = File.ReadAllText($"/proc/{pid}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromMilliseconds(ticks * 10); // USER_HZ is 100 on every Linux architecture that .NET runs on
    }

    /// <summary>Processor time while so much time passes.</summary>
    internal static async Task<TimeSpan> CpuOfAsync(int pid, TimeSpan time)
    {
        var before = Cpu(pid);
        await Task.Delay(time, Campaign.Cancelled);
        return Cpu(pid) - before;
    }
}
