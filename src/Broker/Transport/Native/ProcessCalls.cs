using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace UdsBroker.Broker.Transport.Native;

/// <summary>What the kernel says about this process (its user and descriptor limit), and whether another process still exists.</summary>
internal static partial class ProcessCalls
{
    private const int NumberOfFiles = 7; // RLIMIT_NOFILE
    private const nint SendSignal = 424; // SYS_pidfd_send_signal, the same on every architecture

    /// <summary>geteuid(2). It cannot fail.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUid();

    /// <summary>
    /// The soft RLIMIT_NOFILE of getrlimit(2): one more than the highest descriptor number this process may open. .NET raises it to
    /// the hard limit at start. An unlimited or absurd value is cut to <see cref="int.MaxValue"/>.
    /// </summary>
    public static int DescriptorLimit()
    {
        var result = GetResourceLimit(NumberOfFiles, out var limit);
        var error = Marshal.GetLastPInvokeError();
        if (result != 0)
            throw new InvalidOperationException($"getrlimit(RLIMIT_NOFILE) failed: {Marshal.GetPInvokeErrorMessage(error)}");
        return (int)Math.Min(limit.Soft, int.MaxValue);
    }

    /// <summary>
    /// Whether a process, by its pidfd, has not been waited for yet, so that its id cannot be another's: pidfd_send_signal(2) with no
    /// signal says so, also where a signal would not be allowed.
    /// </summary>
    public static bool HasItsId(SafeFileHandle process)
    {
        var result = Call(SendSignal, process, 0, 0, 0);
        var error = Marshal.GetLastPInvokeError();
        return result == 0 || error == Errno.NotPermitted;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetResourceLimit(int resource, out ResourceLimit limit);

    // syscall(2): the C library knows the call by name only since version 2.36 of glibc.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, SafeFileHandle process, nint signal, nint information, nint flags);

    // struct rlimit: two rlim_t, which are unsigned long, so as wide as a pointer.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ResourceLimit
    {
        private readonly nuint _soft;
        private readonly nuint _hard;

        public ulong Soft => _soft;
    }
}
