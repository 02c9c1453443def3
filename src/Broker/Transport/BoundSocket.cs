using System.Net.Sockets;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// A socket of any kind at an address of its own: a path of the file system, held by <see cref="SocketFile"/>, or an abstract address,
/// which the kernel frees by itself.
/// </summary>
internal sealed class BoundSocket : IDisposable
{
    private readonly SocketFile? _file;
    private int _disposed;

    private BoundSocket(SocketPath path, Socket socket, SocketFile? file) => (Path, Socket, _file) = (path, socket, file);

    /// <summary>Where it is.</summary>
    internal SocketPath Path { get; }

    internal Socket Socket { get; }

    internal bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>Binds the address; a socket for connections listens from here on.</summary>
    /// <param name="address">A path, or <c>@name</c> for the abstract namespace, for which the options of the file have no effect.</param>
    /// <param name="options">Kind, mode and the rest.</param>
    /// <exception cref="SocketFileException">The address cannot be bound; reason and message say why.</exception>
    internal static BoundSocket Open(string address, SocketFileOptions options)
    {
        var path = SocketPath.Parse(address);
        if (path.IsAbstract) return new BoundSocket(path, AbstractAddress.Bind(path, options), null);
        var file = SocketFile.Bind(path, options);
        return new BoundSocket(path, file.Socket, file);
    }

    /// <summary>False when somebody removed or replaced the file; always true for an abstract address.</summary>
    internal bool IsStillOurs() => _file?.IsStillOurs() ?? true;

    /// <summary>Closes the socket and unlinks the path if it is still ours. Later calls do nothing; any thread may call it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _file?.Dispose();
        Socket.Dispose();
    }
}
