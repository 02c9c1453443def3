using System.Net.Sockets;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// Binds a socket in the abstract namespace: no file, no permissions, and nothing left behind. The first process that binds a name gets it,
/// whatever its user, so both sides have to check whom they talk to.
/// </summary>
internal static class AbstractAddress
{
    /// <summary>A socket of the asked kind that is bound, and listens unless it is for datagrams.</summary>
    /// <exception cref="SocketFileException">Somebody else has the name, or the kernel does not give it.</exception>
    internal static Socket Bind(SocketPath path, SocketFileOptions options)
    {
        var socket = options.Type.CreateSocket();
        try
        {
            socket.Bind(path.ToEndPoint());
            if (options.Type != UnixSocketType.Dgram) socket.Listen(options.Backlog);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw e.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? new SocketFileException(
                    SocketFileReason.AlreadyRunning, $"another program is already listening on the abstract address {path}; stop it or choose another name")
                : new SocketFileException(SocketFileReason.SystemError, $"cannot bind {path}: {e.Message}");
        }
    }
}
