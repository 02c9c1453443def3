using System.Net.Sockets;
using System.Runtime.InteropServices;
using UdsBroker.Broker.Transport.Native;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// Checks what is at the path of a socket whose lock we hold. A free path or a dead socket may be taken; anything else belongs to somebody
/// else and is left alone.
/// </summary>
/// <remarks>
/// A connect alone cannot tell: the kernel says "connection refused" for a dead socket, a regular file and a directory alike. So the type
/// of the file is checked first, without following links, and only then a connect is tried.
/// </remarks>
internal static class SocketProbe
{
    /// <summary>Returns when the path may be taken.</summary>
    /// <exception cref="SocketFileException">It may not: something else, or somebody else, is there.</exception>
    public static void RequireFree(SocketDirectory directory, SocketPath path, UnixSocketType type)
    {
        var error = FileCalls.StatAt(directory.Handle, path.FileName, out var status);
        if (error == Errno.NoEntry)
            return;
        if (error != 0)
            throw new SocketFileException(SocketFileReason.SystemError, $"cannot look at {path}: {Marshal.GetPInvokeErrorMessage(error)}");
        if (!status.IsSocket)
        {
            throw new SocketFileException(
                SocketFileReason.NotASocket,
                $"{path} is {Describe(status)}, not a socket, and is left as it is; remove it or choose another path");
        }

        RequireDead(directory, path, type);
    }

    private static void RequireDead(SocketDirectory directory, SocketPath path, UnixSocketType type)
    {
        using var probe = type.CreateSocket();
        probe.Blocking = false;
        SocketError answer;
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(Address(directory, path)));
            answer = SocketError.Success;
        }
        catch (SocketException e)
        {
            answer = e.SocketErrorCode;
        }

        switch (answer)
        {
            case SocketError.ConnectionRefused: // nobody listens any more
            case SocketError.AddressNotAvailable: // ENOENT: gone in the meantime
                return;
            case SocketError.AccessDenied:
                throw new SocketFileException(
                    SocketFileReason.NotPermitted,
                    $"uid {ProcessCalls.EffectiveUid()} may not connect to the socket at {path} to see whether it is alive; remove it or choose another path");
            case SocketError.Success:
            case SocketError.WouldBlock: // EAGAIN: alive, its backlog is full
            case SocketError.ProtocolType: // EPROTOTYPE: alive, of another kind
                throw new SocketFileException(
                    SocketFileReason.ForeignListener,
                    $"a program that does not hold {path}.lock is listening on {path}; stop it or choose another path");
            default:
                throw new SocketFileException(SocketFileReason.SystemError, $"cannot tell whether the socket at {path} is alive: {answer}");
        }
    }

    // Through the descriptor when it fits; the name of a socket can be nearly as long as the whole path may be.
    private static string Address(SocketDirectory directory, SocketPath path)
    {
        var through = directory.Through(path.FileName);
        return System.Text.Encoding.UTF8.GetByteCount(through) <= SocketPath.MaxBytes ? through : path.Text;
    }

    private static string Describe(FileStatus status) =>
        status.IsRegularFile ? "a regular file"
        : status.IsDirectory ? "a directory"
        : status.IsSymbolicLink ? "a symbolic link"
        : "a device or a pipe";
}
