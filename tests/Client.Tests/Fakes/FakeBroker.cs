using System.Net.Sockets;

namespace UdsBroker.Client.Tests;

/// <summary>A socket that a test listens on and speaks raw frames through: the script is the test itself.</summary>
internal sealed class FakeBroker : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public FakeBroker()
    {
        Path = _folder.File("b.sock");
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen(100);
    }

    public string Path { get; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public UdsBrokerOptions Options => new()
    {
        Path = Path,
        ConnectTimeout = TimeSpan.FromSeconds(60),
        Reconnect = new ReconnectOptions { MinDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(20) },
        DrainTimeout = TimeSpan.Zero,
    };

    public async Task<FakePeer> AcceptAsync() => new(await _listener.AcceptAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Token));

    /// <summary>Accepts and does the handshake.</summary>
    public async Task<FakePeer> WelcomeAsync(byte[]? welcome = null)
    {
        FakePeer peer = await AcceptAsync();
        await peer.ExpectAsync(Protocol.FrameKind.Hello);
        await peer.SendAsync(welcome ?? Wire.Welcome());
        return peer;
    }

    /// <summary>A connected client and the peer it is connected to.</summary>
    public async Task<(UdsBrokerClient Client, FakePeer Peer)> ConnectAsync(UdsBrokerOptions? options = null, byte[]? welcome = null)
    {
        UdsBrokerClient client = new(options ?? Options);
        Task connecting = client.ConnectAsync(Token).AsTask();
        FakePeer peer = await WelcomeAsync(welcome);
        await connecting;
        return (client, peer);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }
}
