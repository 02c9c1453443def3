using System.Net.Sockets;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>The protocols of the small servers that the broker replaces: raw bytes, no frames.</summary>
public sealed class RawListenerTests
{
    [Fact]
    public async Task Echo_sends_back_every_byte_in_order_also_what_does_not_fit_at_once()
    {
        await using var broker = await StartAsync("echo");
        using var socket = Connect(broker);
        var sent = new byte[3 << 20];
        new Random(7).NextBytes(sent);

        var sending = Task.Run(
            async () =>
            {
                await socket.SendAsync(sent);
                socket.Shutdown(SocketShutdown.Send);
            },
            TestContext.Current.CancellationToken);
        var received = await ReadToEndAsync(socket);

        await sending;
        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task Identity_greets_with_the_connections_uuid_and_answers_each_chunk_with_it()
    {
        await using var broker = await StartAsync("identity");
        using var socket = Connect(broker);
        var greeting = await ReadAsync(socket, 36);
        Assert.Equal(7, Guid.Parse(greeting).Version);
        Assert.Equal(greeting, (await broker.FindAsync($"connections/{greeting}")).Path.Name);

        for (var i = 0; i < 3; i++)
        {
            await socket.SendAsync("who am I?"u8.ToArray());
            Assert.Equal(greeting, await ReadAsync(socket, 36));
        }

        using var other = Connect(broker);
        Assert.NotEqual(greeting, await ReadAsync(other, 36));
    }

    [Theory]
    [InlineData(CloseReason.Stale, "udsbroker.keep-alive.ping-interval=100ms", "udsbroker.keep-alive.stale-after=1")]
    [InlineData(CloseReason.Idle, "udsbroker.connections.idle-timeout=1s")]
    public async Task A_silent_raw_peer_is_not_closed_when_silent_clients_are(CloseReason reason, params string[] settings)
    {
        await using var broker = await BrokerInProcess.StartAsync(
            ["udsbroker.listeners.raw.path={dir}/raw.sock", "udsbroker.listeners.raw.protocol=echo", .. settings]);
        using var socket = Connect(broker.PathOf("raw.sock"));
        await EchoAsync("here");

        // One after the other, so that several keep-alive timeouts pass.
        for (var i = 0; i < 3; i++)
        {
            using var client = await broker.ConnectAsync();
            Assert.Equal(reason, await client.ReadToGoodbyeAsync());
        }

        await EchoAsync("still here");

        async Task EchoAsync(string text)
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(text));
            Assert.Equal(text, await ReadAsync(socket, text.Length));
        }
    }

    private static Task<BrokerInProcess> StartAsync(string protocol) => BrokerInProcess.StartAsync($"udsbroker.listeners.main.protocol={protocol}");

    private static Socket Connect(BrokerInProcess broker) => Connect(broker.Socket);

    private static Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static async Task<string> ReadAsync(Socket socket, int length)
    {
        var buffer = new byte[length];
        for (var read = 0; read < length;)
            read += await socket.ReceiveAsync(buffer.AsMemory(read)).AsTask().WaitAsync(BrokerInProcess.Patience);
        return Encoding.ASCII.GetString(buffer);
    }

    private static async Task<byte[]> ReadToEndAsync(Socket socket)
    {
        var all = new MemoryStream();
        var buffer = new byte[65536];
        while (await socket.ReceiveAsync(buffer).WaitAsync(BrokerInProcess.Patience) is > 0 and var read) all.Write(buffer, 0, read);
        return all.ToArray();
    }
}
