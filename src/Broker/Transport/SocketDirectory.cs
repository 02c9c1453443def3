using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using UdsBroker.Broker.Transport.Native;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// The directory of a socket file, opened once and checked on its descriptor. All later steps name files relative to that
/// descriptor, so nobody can slip another directory in between the check and the use.
/// </summary>
/// <remarks>
/// Whoever can write to the directory can put another socket at our path and pose as the broker to our clients. So it
/// must belong to root or to the broker's own user, and no one else may write to it. A sticky directory such as <c>/tmp</c> keeps
/// others from removing our files but not from taking the name first, and is accepted only on request. Whoever can rename a parent
/// directory can do the same, so those must not belong to anybody else either, nor be writable for everybody without being sticky.
/// </remarks>
internal sealed class SocketDirectory : IDisposable
{
    private const uint OwnerOnly = 0x1C0; // 0700

    private SocketDirectory(string path, SafeFileHandle handle)
    {
        Path = path;
        Handle = handle;
    }

    /// <summary>The path it was opened by, for messages.</summary>
    public string Path { get; }

    /// <summary>The open directory.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Opens the directory, creates it with mode 0700 first when allowed to, and checks that others cannot write to it.</summary>
    /// <exception cref="SocketFileException">It is missing, not a directory, not ours, or open to others.</exception>
    public static SocketDirectory Open(string path, bool create, bool allowSticky)
    {
        CheckLink(path);
        var handle = OpenHandle(path, out var error);
        if (error == Errno.NoEntry && create)
        {
            CreatePrivate(path);
            handle = OpenHandle(path, out error);
        }

        if (error != 0)
            throw CannotOpen(path, error);
        try
        {
            Check(path, handle, allowSticky);
            CheckAncestors(path, handle);
            return new SocketDirectory(path, handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A path to <paramref name="name"/> in this directory that is short and bound to the descriptor, whatever the directory's own path,
    /// proc(5).
    /// </summary>
    public string Through(string name) => $"/proc/self/fd/{Handle.DangerousGetHandle()}/{name}";

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    private static SafeFileHandle OpenHandle(string path, out int error)
    {
        var handle = FileCalls.Open(path, FileCalls.Directory | FileCalls.CloseOnExec, 0);
        var lastError = Marshal.GetLastPInvokeError();
        error = handle.IsInvalid ? lastError : 0;
        return handle;
    }

    // Whoever owns a link can point it anywhere.
    private static void CheckLink(string path)
    {
        if (FileCalls.Stat(path, out var status) == 0 && status.IsSymbolicLink && !IsTrusted(status.Uid))
        {
            throw new SocketFileException(
                SocketFileReason.UnsafeDirectory,
                $"the directory {path} is a symbolic link made by uid {status.Uid}; use the real path of a directory of your own");
        }
    }

    private static void Check(string path, SafeFileHandle handle, bool allowSticky)
    {
        var error = FileCalls.Stat(handle, out var status);
        if (error != 0)
            throw CannotOpen(path, error);
        if (!IsTrusted(status.Uid))
        {
            throw new SocketFileException(
                SocketFileReason.UnsafeDirectory,
                $"the directory {path} belongs to uid {status.Uid}, and only root or uid {ProcessCalls.EffectiveUid()} could keep others from replacing the socket; use a directory of your own");
        }

        if (status.IsWritableByOthers && !(allowSticky && status.IsSticky))
        {
            throw new SocketFileException(
                SocketFileReason.UnsafeDirectory,
                $"others may write to the directory {path} (mode {Convert.ToString((int)status.Permissions, 8)}) and could put another socket in place; use a directory that only you can write to" + (status.IsSticky ? ", or set udsbroker.listener.shared-directory=on" : ""));
        }
    }

    // The parents of the path as given, which clients use, and of the real path, to which links on it lead.
    private static void CheckAncestors(string path, SafeFileHandle handle)
    {
        var real = File.ResolveLinkTarget($"/proc/self/fd/{handle.DangerousGetHandle()}", returnFinalTarget: false)?.FullName ?? path;
        foreach (var start in (ReadOnlySpan<string>)[path, real])
        {
            for (var parent = System.IO.Path.GetDirectoryName(start); !string.IsNullOrEmpty(parent); parent = System.IO.Path.GetDirectoryName(parent))
            {
                CheckLink(parent);
                CheckAncestor(path, parent);
            }
        }
    }

    private static void CheckAncestor(string path, string ancestor)
    {
        using var handle = FileCalls.Open(ancestor, FileCalls.PathOnly | FileCalls.Directory | FileCalls.CloseOnExec, 0);
        if (handle.IsInvalid || FileCalls.Stat(handle, out var status) != 0) return; // gone since the directory below was opened
        if (IsTrusted(status.Uid) && (!status.IsWritableByAll || status.IsSticky)) return;
        var problem = IsTrusted(status.Uid) ? $"is open to all (mode {Convert.ToString((int)status.Permissions, 8)})" : $"belongs to uid {status.Uid}";
        throw new SocketFileException(
            SocketFileReason.UnsafeDirectory,
            $"{ancestor}, on the way to {path}, {problem}, so somebody else could put another directory in place; use a path that only root and you can change");
    }

    private static bool IsTrusted(uint uid) => uid == 0 || uid == ProcessCalls.EffectiveUid();

    // Its parent belongs to somebody else and is never created.
    private static void CreatePrivate(string path)
    {
        var result = FileCalls.MakeDirectory(path, OwnerOnly);
        var error = Marshal.GetLastPInvokeError();
        if (result == 0 || error == Errno.Exists)
            return;
        throw new SocketFileException(
            error == Errno.NoEntry ? SocketFileReason.DirectoryMissing : SocketFileReason.NotPermitted,
            $"cannot create the directory {path}: {Marshal.GetPInvokeErrorMessage(error)}; choose another path with --socket or $UDSBROKER_SOCKET");
    }

    private static SocketFileException CannotOpen(string path, int error) => error switch
    {
        Errno.NoEntry => new(SocketFileReason.DirectoryMissing, $"the directory {path} does not exist; create it or choose another path"),
        Errno.NotADirectory => new(SocketFileReason.DirectoryMissing, $"{path} is not a directory; choose another path"),
        Errno.AccessDenied or Errno.NotPermitted => new(
            SocketFileReason.NotPermitted, $"uid {ProcessCalls.EffectiveUid()} may not open the directory {path}; choose another path"),
        _ => new(SocketFileReason.SystemError, $"cannot open the directory {path}: {Marshal.GetPInvokeErrorMessage(error)}"),
    };
}
