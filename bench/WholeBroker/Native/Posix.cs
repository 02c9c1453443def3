using System.ComponentModel;
using System.Runtime.InteropServices;

namespace UdsBroker.Bench.Native;

/// <summary>
/// The system calls of the load generator, bare: what a socket class does around them is work that would be counted as the broker's.
/// send(2), recv(2), poll(2), kill(2).
/// </summary>
internal static unsafe partial class Posix
{
    internal const short PollIn = 1;
    internal const short PollOut = 4;
    internal const int SigTerm = 15;
    internal const int SigKill = 9;

    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int Again = 11;
    private const int Interrupted = 4;

    /// <summary>Sends what the kernel takes at once; 0 when it takes nothing.</summary>
    internal static int TrySend(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var sent = Send(descriptor, start, bytes.Length, DontWait | NoSignal);
            return sent >= 0 ? (int)sent : Nothing("send");
        }
    }

    /// <summary>Sends all bytes and waits for room as often as needed.</summary>
    internal static void SendAll(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            fixed (byte* start = bytes)
            {
                var sent = Send(descriptor, start, bytes.Length, NoSignal);
                bytes = bytes[(sent >= 0 ? (int)sent : Nothing("send"))..];
            }
        }
    }

    /// <summary>Receives what is there; 0 when there is nothing.</summary>
    /// <exception cref="EndOfStreamException">The other end has closed.</exception>
    internal static int TryReceive(int descriptor, Span<byte> buffer) => Receive(descriptor, buffer, DontWait);

    /// <summary>Waits until something has come and receives it.</summary>
    /// <exception cref="EndOfStreamException">The other end has closed.</exception>
    internal static int Receive(int descriptor, Span<byte> buffer)
    {
        while (true)
        {
            var received = Receive(descriptor, buffer, 0);
            if (received > 0) return received;
        }
    }

    /// <summary>Waits until one of the descriptors is ready; false when the time is over.</summary>
    internal static bool Poll(Span<PollEntry> entries, int milliseconds)
    {
        fixed (PollEntry* start = entries) return Poll(start, (nuint)entries.Length, milliseconds) > 0;
    }

    /// <summary>Asks a process of ours to end.</summary>
    internal static void Signal(int pid, int signal) => _ = Kill(pid, signal);

    private static int Receive(int descriptor, Span<byte> buffer, int flags)
    {
        fixed (byte* start = buffer)
        {
            var received = Recv(descriptor, start, buffer.Length, flags);
            if (received == 0) throw new EndOfStreamException("the broker closed the connection");
            return received > 0 ? (int)received : Nothing("recv");
        }
    }

    private static int Nothing(string call)
    {
        var error = Marshal.GetLastPInvokeError();
        return error is Again or Interrupted ? 0 : throw new Win32Exception(error, $"{call}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int descriptor, byte* bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Recv(int descriptor, byte* bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        internal int Descriptor;
        internal short Wanted;
        internal short Ready;
    }
}
