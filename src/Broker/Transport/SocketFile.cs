using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using UdsBroker.Broker.Transport.Native;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// A bound socket at a path of the file system, and the proof that the path is ours: from lock to unlink.
/// </summary>
/// <remarks>
/// <para>The order matters: open and check the directory; take the lock; make sure that nothing alive or foreign is at the path; set the
/// mode of the socket before it has a name; bind it to a temporary name; listen; set owner and group of the file, while only the owner may
/// connect; rename it over the path. So there is no moment at which a client finds no socket, a socket that refuses, or one with the wrong
/// mode, and a dead broker's socket is replaced without ever being unlinked by name.</para>
/// <para>.NET unlinks the name a socket was bound to when it is disposed, whoever's file stands there by then; that is the
/// temporary name here, which is gone. At the end the path is unlinked only while it still leads to our own inode.</para>
/// <para>The temporary name is made of the final one, so the next holder of the same lock removes what a broker killed between
/// bind and rename has left.</para>
/// </remarks>
public sealed class SocketFile : IDisposable
{
    private const uint OwnerOnly = 0x1C0; // 0700

    private readonly SocketDirectory _directory;
    private readonly SocketLock _lock;
    private readonly FileIdentity _identity;
    private bool _disposed;

    private SocketFile(SocketPath path, SocketDirectory directory, SocketLock @lock, Socket socket, FileIdentity identity)
    {
        Path = path;
        Socket = socket;
        _directory = directory;
        _lock = @lock;
        _identity = identity;
    }

    /// <summary>Where the socket is.</summary>
    public SocketPath Path { get; }

    /// <summary>The bound socket, listening unless it is a datagram socket. Owned by this object.</summary>
    public Socket Socket { get; }

    /// <summary>Binds a socket at a path.</summary>
    /// <param name="path">A path of the file system, not an abstract address.</param>
    /// <param name="options">Kind, mode and the rest.</param>
    /// <exception cref="SocketFileException">
    /// The path cannot be used; reason and message say why. Whatever is at the path is unchanged.
    /// </exception>
    public static SocketFile Bind(SocketPath path, SocketFileOptions options)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        if (path.IsAbstract)
            throw new ArgumentException("An abstract address has no file.", nameof(path));
        SocketDirectory? directory = null;
        SocketLock? @lock = null;
        Socket? socket = null;
        try
        {
            directory = SocketDirectory.Open(path.DirectoryName, options.CreateDirectory, options.AllowStickyDirectory);
            @lock = SocketLock.Take(directory, path);
            SocketProbe.RequireFree(directory, path, options.Type);
            socket = options.Type.CreateSocket();
            var identity = BindAndRename(directory, path, options, socket);
            return new SocketFile(path, directory, @lock, socket, identity);
        }
        catch
        {
            socket?.Dispose();
            directory?.Dispose();
            @lock?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether clients that connect to the path still reach this socket. The kernel gives no event when somebody removes or
    /// replaces the file of a listener, so ask every few seconds.
    /// </summary>
    public bool IsStillOurs() => FileCalls.Stat(Path.Text, out var status) == 0 && status.Identity == _identity;

    /// <summary>Unlinks the path if it is still our own inode, closes the socket, then frees the lock. Later calls do nothing.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (FileCalls.StatAt(_directory.Handle, Path.FileName, out var status) == 0 && status.Identity == _identity)
            _ = FileCalls.UnlinkAt(_directory.Handle, Path.FileName, 0);
        Socket.Dispose();
        _directory.Dispose();
        _lock.Dispose();
    }

    private static FileIdentity BindAndRename(SocketDirectory directory, SocketPath path, SocketFileOptions options, Socket socket)
    {
        var mode = (uint)options.Mode;
        var changesOwner = options.Owner is not null || options.Group is not null;
        var initialMode = changesOwner ? mode & OwnerOnly : mode; // until the file has the owner and group that the mode is meant for
        var temporary = TemporaryName(path);
        RemoveLeftover(directory, temporary, options);
        Require(path, FileCalls.ChangeMode(socket.SafeHandle, initialMode));
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(directory.Through(temporary)));
            if (options.Type != UnixSocketType.Dgram)
                socket.Listen(options.Backlog);
        }
        catch (SocketException e)
        {
            throw new SocketFileException(SocketFileReason.SystemError, $"cannot bind {path}: {Describe(e, directory, temporary)}");
        }

        if (changesOwner) ChangeOwner(directory, path, temporary, options);
        RequireError(path, FileCalls.StatAt(directory.Handle, temporary, out var status));
        if (status.Permissions != mode)
            Require(path, FileCalls.ChangeModeAt(directory.Handle, temporary, mode, 0)); // the umask has taken bits away, or the initial mode left them out
        Require(path, FileCalls.RenameAt(directory.Handle, temporary, directory.Handle, path.FileName));
        return status.Identity;
    }

    // The socket that a broker of this path left when it was killed between bind and rename.
    private static void RemoveLeftover(SocketDirectory directory, string temporary, SocketFileOptions options)
    {
        if (FileCalls.StatAt(directory.Handle, temporary, out var leftover) == 0 && leftover.IsSocket
            && (leftover.Uid == ProcessCalls.EffectiveUid() || leftover.Uid == options.Owner))
            _ = FileCalls.UnlinkAt(directory.Handle, temporary, 0);
    }

    private static void ChangeOwner(SocketDirectory directory, SocketPath path, string temporary, SocketFileOptions options)
    {
        var result = FileCalls.ChangeOwnerAt(directory.Handle, temporary, options.Owner ?? FileCalls.Unchanged, options.Group ?? FileCalls.Unchanged, FileCalls.NoFollow);
        var error = Marshal.GetLastPInvokeError();
        if (result == 0) return;
        _ = FileCalls.UnlinkAt(directory.Handle, temporary, 0);
        throw new SocketFileException(
            error == Errno.NotPermitted ? SocketFileReason.NotPermitted : SocketFileReason.SystemError,
            $"cannot give {path} to the owner and group of its settings: {Marshal.GetPInvokeErrorMessage(error)}; another owner needs root, another group a broker that is a member of it");
    }

    // .NET has a single error for everything that it has no name for, such as a full or read-only disk; creating a file there shows the
    // kernel's error.
    private static string Describe(SocketException failure, SocketDirectory directory, string name)
    {
        if (failure.SocketErrorCode == SocketError.SocketError)
        {
            using var file = FileCalls.OpenAt(directory.Handle, name, FileCalls.ReadWriteCreate | FileCalls.CloseOnExec | FileCalls.NoFollowOpen, 0);
            var error = Marshal.GetLastPInvokeError();
            if (file.IsInvalid)
                return Marshal.GetPInvokeErrorMessage(error);
            _ = FileCalls.UnlinkAt(directory.Handle, name, 0);
        }

        return $"{failure.Message} ({failure.SocketErrorCode})";
    }

    // Short, so that it fits after /proc/self/fd/<n>/ whatever the name is, and of this name alone.
    private static string TemporaryName(SocketPath path)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(path.FileName));
        return $".{Convert.ToHexStringLower(hash.AsSpan(0, 8))}.tmp";
    }

    private static void Require(SocketPath path, int result)
    {
        var error = Marshal.GetLastPInvokeError();
        if (result != 0)
            RequireError(path, error);
    }

    private static void RequireError(SocketPath path, int error)
    {
        if (error != 0)
            throw new SocketFileException(SocketFileReason.SystemError, $"cannot bind {path}: {Marshal.GetPInvokeErrorMessage(error)}");
    }
}
