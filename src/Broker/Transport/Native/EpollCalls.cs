using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace UdsBroker.Broker.Transport.Native;

/// <summary>
/// Waits for events of many sockets, epoll(7). Every wait is one-shot (EPOLLONESHOT): .NET's own loop is woken for each packet and each
/// time room becomes free, even when nobody waits, which at full load is several wake-ups per receive.
/// </summary>
internal static partial class EpollCalls
{
    public const uint Readable = 0x001; // EPOLLIN
    public const uint Writable = 0x004; // EPOLLOUT
    public const uint Failed = 0x008; // EPOLLERR
    public const uint HungUp = 0x010; // EPOLLHUP
    public const uint PeerShut = 0x2000; // EPOLLRDHUP

    /// <summary>The bytes of struct epoll_event, which is packed on x86 alone.</summary>
    public static readonly int EventBytes = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 12 : 16;

    private const uint Once = 1u << 30; // EPOLLONESHOT
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Delete = 2;
    private const int Modify = 3;
    private const int Forever = -1;

    /// <summary>Creates an epoll set.</summary>
    public static int Create()
    {
        var set = CreateSet(CloseOnExec);
        var error = Marshal.GetLastPInvokeError();
        return set >= 0 ? set : throw Failure("epoll_create1", error);
    }

    /// <summary>Requests one notification when the socket has one of the events; replaces the previous request, if there is one.</summary>
    /// <param name="set">The set.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="isNew">Whether the socket was never added to this set.</param>
    /// <param name="events">The events to wait for; errors are always reported.</param>
    /// <param name="token">Returned with the event.</param>
    public static void Ask(int set, SafeHandle socket, bool isNew, uint events, long token)
    {
        Span<byte> entry = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, events | Once);
        BinaryPrimitives.WriteInt64LittleEndian(entry[(EventBytes - 8)..], token);
        var result = Control(set, isNew ? Add : Modify, socket, entry);
        var error = Marshal.GetLastPInvokeError();
        if (result != 0) throw Failure("epoll_ctl", error);
    }

    /// <summary>Removes the socket from the set.</summary>
    public static void Forget(int set, SafeHandle socket) => _ = Control(set, Delete, socket, stackalloc byte[16]);

    /// <summary>Waits for one event, without a timeout.</summary>
    public static long Wait(int set, out uint events)
    {
        long token;
        while (!TryTake(set, Forever, out token, out events))
        {
        }

        return token;
    }

    /// <summary>Takes one event if there is one.</summary>
    public static bool TryTake(int set, out long token, out uint events) => TryTake(set, 0, out token, out events);

    private static bool TryTake(int set, int milliseconds, out long token, out uint events)
    {
        Span<byte> entry = stackalloc byte[16];
        entry.Clear();
        var count = Wait(set, entry, 1, milliseconds);
        var error = Marshal.GetLastPInvokeError();
        if (count < 0 && error != Errno.Interrupted) throw Failure("epoll_wait", error);
        events = BinaryPrimitives.ReadUInt32LittleEndian(entry);
        token = BinaryPrimitives.ReadInt64LittleEndian(entry[(EventBytes - 8)..]);
        return count == 1;
    }

    private static InvalidOperationException Failure(string call, int error) => new($"{call} failed: {Marshal.GetPInvokeErrorMessage(error)}");

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int CreateSet(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int set, int operation, SafeHandle socket, Span<byte> entry);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int set, Span<byte> entries, int count, int milliseconds);
}
