using System.Net.Sockets;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>A connection as a listener accepts it, and the plain socket at its other end.</summary>
internal sealed class ConnectedPair : IDisposable
{
    private readonly TestDirectory _directory = new();

    private ConnectedPair(SocketType type) => Client = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified);

    internal Socket Client { get; }

    internal UnixConnection Connection { get; private set; } = null!;

    internal static async Task<ConnectedPair> OpenAsync(SocketType type, SocketFileOptions options)
    {
        var pair = new ConnectedPair(type);
        using var listener = UnixListener.Open(pair._directory["broker.sock"], options);
        await pair.Client.ConnectAsync(listener.Path.ToEndPoint());
        pair.Connection = (await listener.AcceptAsync())!;
        return pair;
    }

    public void Dispose()
    {
        Connection.Dispose();
        Client.Dispose();
        _directory.Dispose();
    }
}
