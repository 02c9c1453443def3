using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;
using UdsBroker.Broker.Transport.Native;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// What /proc says about a peer's process at accept: its program and its systemd unit. A process id can be used again, so what was read
/// counts only if the process that connected still existed afterwards, according to the kernel's own handle of it (SO_PEERPIDFD, Linux
/// 6.5).
/// </summary>
/// <remarks>
/// On kernels without such a handle, the process with that id has to belong to the peer's user, so that at worst another process of the
/// same user is mistaken for it, against which that user has no protection anyway. Null means unknown.
/// </remarks>
/// <param name="Executable">The path of the program, proc_pid_exe(5); null also when the file has been deleted, since the path may lead to
/// another by now.</param>
/// <param name="Unit">The unit of the system manager, see <see cref="SystemdUnit"/>; empty when it is in none.</param>
internal sealed record ProcessFacts(string? Executable, string? Unit)
{
    internal static readonly ProcessFacts Unknown = new(null, null);

    private const int PeerPidFd = 77; // SO_PEERPIDFD
    private const int LongestPath = 4096; // PATH_MAX of limits.h
    private const int LongestText = 8192; // a line for each hierarchy, of which there are some twelve, each with a path
    private const string DeletedMark = " (deleted)";

    /// <summary>Reads them for the process that connected.</summary>
    internal static ProcessFacts Read(Socket socket, int pid, uint? uid)
    {
        using var handle = OpenHandle(socket);
        var facts = new ProcessFacts(ReadExecutable(pid), ReadUnit(pid));
        var isSame = handle is not null ? ProcessCalls.HasItsId(handle) : IsOwnedBy(pid, uid);
        return isSame ? facts : Unknown;
    }

    private static SafeFileHandle? OpenHandle(Socket socket)
    {
        Span<byte> descriptor = stackalloc byte[sizeof(int)];
        try
        {
            return socket.GetRawSocketOption(SocketOptions.SocketLevel, PeerPidFd, descriptor) == sizeof(int)
                ? new SafeFileHandle(BitConverter.ToInt32(descriptor), ownsHandle: true)
                : null;
        }
        catch (SocketException)
        {
            return null; // ENOPROTOOPT of an older kernel, or ESRCH: the process is gone, and then its files are too
        }
    }

    private static bool IsOwnedBy(int pid, uint? uid) =>
        uid is not null && FileCalls.Stat(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}"), out var status) == 0 && status.Uid == uid;

    private static string? ReadExecutable(int pid)
    {
        Span<byte> target = stackalloc byte[LongestPath];
        var length = FileCalls.ReadLink(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/exe"), target);
        if (length <= 0 || length == target.Length) return null;
        var path = Encoding.UTF8.GetString(target[..length]);
        return path.EndsWith(DeletedMark, StringComparison.Ordinal) ? null : path;
    }

    private static string? ReadUnit(int pid) =>
        ReadText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cgroup")) is { } text ? SystemdUnit.Of(text) : null;

    // By direct system calls: every connection reads such a file, and a stream with its buffers would cost more than the rest of its start.
    private static string? ReadText(string path)
    {
        using var file = FileCalls.Open(path, FileCalls.CloseOnExec, 0);
        if (file.IsInvalid) return null;
        Span<byte> text = stackalloc byte[LongestText];
        var length = 0;
        while (FileCalls.Read(file, text[length..]) is > 0 and var read)
        {
            length += read;
            if (length == text.Length) return null;
        }

        return Encoding.UTF8.GetString(text[..length]);
    }
}
