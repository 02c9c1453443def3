using System.Runtime.InteropServices;

namespace UdsBroker.Broker.Transport.Native;

/// <summary>What the kernel knows about this process: who it is and how many descriptors it may hold.</summary>
internal static partial class ProcessCalls
{
    private const int NumberOfFiles = 7;

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

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetResourceLimit(int resource, out ResourceLimit limit);

    // struct rlimit: two rlim_t, which are unsigned long, so as wide as a pointer.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ResourceLimit
    {
        private readonly nuint _soft;
        private readonly nuint _hard;

        public ulong Soft => _soft;
    }
}
