using System.Net.Sockets;

namespace UdsBroker.Client;

/// <summary>
/// Makes the connected socket, and tells the kernel's errors apart as far as .NET lets them through: a missing file arrives as "address not
/// available", a stale socket, a plain file and a directory all arrive as "refused", and a full backlog as "would block", immediately,
/// without waiting for room.
/// </summary>
internal static class Dialer
{
    /// <summary>The longest pause before a full backlog is tried again; the pauses are random up to it, so that a crowd spreads.</summary>
    private const int MaxBacklogPauseMs = 20;

    /// <exception cref="ConnectFailedException">It could not be connected, or the listener is not who it must be.</exception>
    public static async Task<Socket> DialAsync(SocketAddress address, UdsBrokerOptions options, CancellationToken cancellationToken)
    {
        while (true)
        {
            Socket socket = new(AddressFamily.Unix, address.Kind.ToSocketType(), ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(address.EndPoint, cancellationToken).ConfigureAwait(false);
                Check(socket, address, options);
                if (address.Kind == SocketKind.Stream) SendBuffer.Widen(socket);
                return socket;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.WouldBlock)
            {
                socket.Dispose();
            }
            catch (Exception error)
            {
                socket.Dispose();
                if (error is SocketException failure) throw Explain(failure, address);
                throw;
            }

#pragma warning disable CA5394 // The pause only has to differ between clients.
            await Task.Delay(Random.Shared.Next(1, MaxBacklogPauseMs + 1), cancellationToken).ConfigureAwait(false);
#pragma warning restore CA5394
        }
    }

    /// <summary>A socket for datagrams: connected, non-blocking, and bound to a name of its own, by which the broker tells this client from others.</summary>
    /// <exception cref="ConnectFailedException">Nobody is bound there, or the socket is not trusted.</exception>
    public static Socket DialDatagrams(SocketAddress address, UdsBrokerOptions options)
    {
        if (options.VerifyServerUid && DatagramCheck.FindProblem(address, options) is { } problem)
            throw NotTrusted("socket", address, problem);
        Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0udsbroker-{Guid.CreateVersion7()}"));
            socket.Connect(address.EndPoint);
            socket.Blocking = false;
            return socket;
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw Explain(error, address);
        }
    }

    private static void Check(Socket socket, SocketAddress address, UdsBrokerOptions options)
    {
        if (ServerCheck.FindProblem(ServerCheck.Read(socket), options, ServerCheck.OwnUid) is { } problem)
            throw NotTrusted("listener", address, problem);
    }

    private static ConnectFailedException NotTrusted(string what, SocketAddress address, ServerProblem problem) =>
        new(ConnectFailure.WrongServerUid, address.Text, $"The {what} at {address.Text} is not trusted: {problem.Text}.", advice: problem.Advice);

    private static ConnectFailedException Explain(SocketException error, SocketAddress address) => error.SocketErrorCode switch
    {
        SocketError.AddressNotAvailable => new ConnectFailedException(
            ConnectFailure.NotFound,
            address.Text,
            $"There is no socket at {address.Text}. Is the broker started, with this path?",
            error,
            $"({nameof(UdsBrokerOptions.Path)} or $UDSBROKER_SOCKET chooses another.)"),
        SocketError.ConnectionRefused => new ConnectFailedException(ConnectFailure.Refused, address.Text, ExplainRefused(address.Text), error),
        SocketError.AccessDenied => new ConnectFailedException(
            ConnectFailure.AccessDenied,
            address.Text,
            $"This user may not connect to {address.Text}: it needs write permission on the socket file and search permission on its directories. The broker's listener setting \"mode\" decides.",
            error),
        SocketError.ProtocolType => new ConnectFailedException(
            ConnectFailure.Refused,
            address.Text,
            $"The socket at {address.Text} is not of type {address.Kind.ToSettingsText()}: say of which it is with unix:, unix-seqpacket: or unix-dgram: before the path.",
            error),
        _ => new ConnectFailedException(ConnectFailure.Other, address.Text, $"The connection to {address.Text} failed: {error.Message}.", error),
    };

    private static string ExplainRefused(string path)
    {
        if (path.StartsWith('@')) return $"Nobody listens at {path}. Is the broker started, with this address?";
        if (Directory.Exists(path)) return $"{path} is a directory, not a socket. Name the socket file in it.";
        FileInfo file = new(path);
        return file.Exists && file.Length > 0
            ? $"{path} is a plain file, not a socket."
            : $"Nobody listens at {path}: the file is there, the broker is not (a broker that was killed leaves its socket behind). Start the broker; it takes the path over.";
    }
}
