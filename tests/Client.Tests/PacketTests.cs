using System.Net.Sockets;
using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>A client over a seqpacket socket: what it sends is whole frames, what it is sent has to be.</summary>
public sealed class PacketTests : IDisposable
{
    private const int MaxPacket = 16 * 1024;

    private readonly TestFolder _folder = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);

    public PacketTests()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(_folder.File("p.sock")));
        _listener.Listen(10);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_packet_of_the_client_holds_whole_frames_and_is_no_larger_than_the_broker_allows()
    {
        (UdsBrokerClient client, Socket peer) = await ConnectAsync();
        await using UdsBrokerClient closing = client;
        using Socket closingToo = peer;
        Task publishing = Task.Run(
            async () =>
            {
                for (int i = 0; i < 3000; i++) await client.PublishAsync(i % 3 == 0 ? "a" : "b.c", Text.Bytes($"{i}" + new string('x', i % 700)), cancellationToken: Token);
            },
            Token);

        List<string> payloads = [];
        while (payloads.Count < 3000)
        {
            byte[] packet = await ReceiveAsync(peer);
            Assert.InRange(packet.Length, 1, MaxPacket);
            payloads.AddRange(Frames(packet).Where(frame => frame.Head.Kind == FrameKind.Publish).Select(frame => frame.Payload.TrimEnd('x')));
        }

        await publishing;
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => $"{i}"), payloads);
    }

    [Fact]
    public async Task A_message_that_no_packet_holds_is_refused_and_one_that_just_fits_is_sent()
    {
        (UdsBrokerClient client, Socket peer) = await ConnectAsync();
        await using UdsBrokerClient closing = client;
        using Socket closingToo = peer;
        int fits = MaxPacket - FrameWriter.PublishOverhead(1, -1, 0, MaxPacket - 20);

        UdsBrokerException error = await Assert.ThrowsAsync<UdsBrokerException>(() => client.PublishAsync("a", new byte[fits + 1], cancellationToken: Token).AsTask());
        await client.PublishAsync("a", new byte[fits], cancellationToken: Token);

        Assert.Equal(ErrorCode.PayloadTooBig, error.Code);
        Assert.Contains($"{MaxPacket}", error.Message, StringComparison.Ordinal);
        Assert.Equal(MaxPacket, (await ReceiveAsync(peer)).Length);
    }

    [Fact]
    public async Task Messages_come_whole_also_when_the_reader_holds_those_before()
    {
        (UdsBrokerClient client, Socket peer) = await ConnectAsync();
        await using UdsBrokerClient closing = client;
        using Socket closingToo = peer;
        Task<Subscription> subscribing = client.SubscribeAsync("s", cancellationToken: Token).AsTask();
        ulong token = Frames(await ReceiveAsync(peer)).Where(frame => frame.Head.Kind == FrameKind.Ping).Select(frame => TokenOf(frame.Bytes)).Single();
        await SendAsync(peer, Wire.Pong(token, default(Receipt)));
        await using Subscription subscription = await subscribing;

        for (int i = 0; i < 300; i++) await SendAsync(peer, Wire.Deliver(1, Wire.Publish("s", $"{i}" + new string('y', i * 50))));

        List<string> texts = await Text.ReadAsync(subscription, 300);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}" + new string('y', i * 50)), texts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_packet_that_ends_within_a_frame_or_is_too_large_ends_the_connection(bool isTooLarge)
    {
        (UdsBrokerClient client, Socket peer) = await ConnectAsync();
        await using UdsBrokerClient closing = client;
        using Socket closingToo = peer;
        TaskCompletionSource<DisconnectedEvent> lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
        client.Disconnected += lost.SetResult;

        if (isTooLarge)
        {
            peer.SendBufferSize = 4 << 20;
            await SendAsync(peer, new byte[3 << 20]);
        }
        else
        {
            await SendAsync(peer, Wire.Ping(4711)[..^1]);
        }

        DisconnectedEvent end = await lost.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
        Assert.Equal(isTooLarge ? CloseReason.FrameTooBig : CloseReason.Violation, end.Reason);
    }

    [Fact]
    public void Packets_are_cut_after_as_many_frames_as_fit()
    {
        byte[][] frames = [.. Enumerable.Range(0, 50).Select(i => Wire.Publish(i % 5 == 0 ? "other" : "s", new string('z', i))), Wire.Ping(1)];
        byte[] all = Wire.Join(frames);
        for (int most = frames.Max(frame => frame.Length); most <= all.Length; most += 3)
        {
            int length = PacketCut.Length(all, most);
            int expected = 0;
            foreach (byte[] frame in frames)
            {
                if (expected + frame.Length > most) break;
                expected += frame.Length;
            }

            Assert.Equal(expected, length);
        }

        Assert.Equal(frames[^2].Length, PacketCut.Length(Wire.Join(frames[^2], frames[^1]), 10));
        Assert.Equal(all.Length, PacketCut.Length(all, int.MaxValue));
    }

    private static ulong TokenOf(byte[] ping) => CommandReader.TryReadPing(ping, out ulong token) ? token : throw new InvalidDataException();

    private static List<(FrameHead Head, byte[] Bytes, string Payload)> Frames(byte[] packet)
    {
        List<(FrameHead, byte[], string)> frames = [];
        for (int at = 0; at < packet.Length;)
        {
            Assert.Equal(ScanResult.Done, FrameScanner.Scan(packet.AsSpan(at), Limits.Ceiling, out FrameHead head));
            string payload = head.Kind == FrameKind.Publish ? System.Text.Encoding.UTF8.GetString(packet, at + head.PayloadStart, head.PayloadLength) : "";
            frames.Add((head, packet[at..(at + head.Length)], payload));
            at += head.Length;
        }

        return frames;
    }

    private async Task<(UdsBrokerClient Client, Socket Peer)> ConnectAsync()
    {
        UdsBrokerClient client = new(new UdsBrokerOptions
        {
            Path = "unix-seqpacket:" + _folder.File("p.sock"),
            ConnectTimeout = TimeSpan.FromSeconds(60),
            DrainTimeout = TimeSpan.Zero,
            Reconnect = new ReconnectOptions { Enabled = false },
        });
        Task connecting = client.ConnectAsync(Token).AsTask();
        Socket peer = await _listener.AcceptAsync(Token);
        Assert.Equal(FrameKind.Hello, Assert.Single(Frames(await ReceiveAsync(peer))).Head.Kind);
        await SendAsync(peer, Wire.Welcome(limits: Limits.Default with { MaxPacketBytes = MaxPacket }));
        await connecting;
        return (client, peer);
    }

    private static async Task<byte[]> ReceiveAsync(Socket peer)
    {
        byte[] buffer = new byte[1 << 20];
        int received = await peer.ReceiveAsync(buffer, SocketFlags.None, Token).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Token);
        return buffer[..received];
    }

    private static Task<int> SendAsync(Socket peer, byte[] packet) => peer.SendAsync(packet, SocketFlags.None, Token).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Token);
}
