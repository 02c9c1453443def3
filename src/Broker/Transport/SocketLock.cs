using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using UdsBroker.Broker.Transport.Native;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// The file <c>&lt;socket&gt;.lock</c>, whose flock(2) says who owns the socket. The kernel frees the lock when the process ends in
/// whatever way, so it is never stale.
/// </summary>
/// <remarks>
/// The file is kept forever: unlinking it would let two brokers lock two files of the same name. <c>FileStream</c> would take the
/// same lock, but <c>DOTNET_SYSTEM_IO_DISABLEFILELOCKING=1</c> switches that off silently. The holder writes its pid into the file;
/// that is for messages only and decides nothing.
/// </remarks>
internal sealed class SocketLock : IDisposable
{
    private const uint OwnerReadWrite = 0x180; // 0600

    private readonly SafeFileHandle _file;

    private SocketLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lock of <paramref name="path"/> without waiting.</summary>
    /// <exception cref="SocketFileException">Another broker holds it, or the lock file cannot be opened or trusted.</exception>
    public static SocketLock Take(SocketDirectory directory, SocketPath path)
    {
        var name = path.FileName + ".lock";
        var flags = FileCalls.ReadWriteCreate | FileCalls.NoFollowOpen | FileCalls.CloseOnExec;
        var file = FileCalls.OpenAt(directory.Handle, name, flags, OwnerReadWrite);
        var error = Marshal.GetLastPInvokeError();
        if (file.IsInvalid)
            throw CannotOpen(path, error);
        try
        {
            Check(path, file);
            Lock(path, file);
            WriteHolder(file);
            return new SocketLock(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Frees the lock; the file stays. Later calls do nothing.</summary>
    /// <remarks>By a call of its own: a close frees it only when no child that is just being started has a copy of the
    /// descriptor.</remarks>
    public void Dispose()
    {
        if (_file.IsClosed) return;
        _ = FileCalls.Lock(_file, FileCalls.Unlock);
        _file.Dispose();
    }

    private static void Check(SocketPath path, SafeFileHandle file)
    {
        var error = FileCalls.Stat(file, out var status);
        if (error != 0)
            throw CannotOpen(path, error);
        var uid = ProcessCalls.EffectiveUid();
        if (!status.IsRegularFile || status.Uid != uid || status.IsWritableByOthers)
        {
            throw new SocketFileException(
                SocketFileReason.UnsafeLockFile,
                $"the lock file {path}.lock is not a plain file that uid {uid} alone can write to; remove it if no broker runs there, or choose another path");
        }
    }

    private static void Lock(SocketPath path, SafeFileHandle file)
    {
        var result = FileCalls.Lock(file, FileCalls.LockExclusiveNow);
        var error = Marshal.GetLastPInvokeError();
        if (result == 0)
            return;
        if (error != Errno.TryAgain)
            throw CannotOpen(path, error);
        var holder = ReadHolder(file) is { } pid ? $" (pid {pid})" : "";
        throw new SocketFileException(
            SocketFileReason.AlreadyRunning,
            $"another broker{holder} is already listening on {path}; stop it or choose another path");
    }

    private static void WriteHolder(SafeFileHandle file)
    {
        try
        {
            RandomAccess.SetLength(file, 0);
            RandomAccess.Write(file, Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"), 0);
        }
        catch (IOException)
        {
            // A full disk: the lock holds all the same, only the other broker's message lacks the pid.
        }
    }

    private static int? ReadHolder(SafeFileHandle file)
    {
        Span<byte> text = stackalloc byte[16];
        try
        {
            var read = RandomAccess.Read(file, text, 0);
            return int.TryParse(text[..read].TrimEnd((byte)'\n'), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static SocketFileException CannotOpen(SocketPath path, int error) => error switch
    {
        Errno.SymbolicLink => new(
            SocketFileReason.UnsafeLockFile, $"the lock file {path}.lock is a symbolic link; remove it or choose another path"),
        Errno.AccessDenied or Errno.NotPermitted => new(
            SocketFileReason.NotPermitted,
            $"uid {ProcessCalls.EffectiveUid()} may not write the lock file {path}.lock; choose a path in a directory of your own"),
        _ => new(SocketFileReason.SystemError, $"cannot take the lock file {path}.lock: {Marshal.GetPInvokeErrorMessage(error)}"),
    };
}
