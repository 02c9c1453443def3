using System.Buffers;
using System.Net.Sockets;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>A listener of type seqpacket: the same sessions in packets of whole frames, beside a stream listener of the same broker.</summary>
public sealed class SeqPacketTests : IAsyncLifetime
{
    private const int MaxPacket = 64 << 10;

    private BrokerInProcess _broker = null!;

    private string PacketPath => _broker.PathOf("packets.sock");

    public async ValueTask InitializeAsync()
    {
        _broker = await BrokerInProcess.StartAsync(
            "udsbroker.listeners.packets.path={dir}/packets.sock",
            "udsbroker.listeners.packets.type=seqpacket",
            "udsbroker.listeners.packets.max-packet=64 KiB");
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task A_session_works_and_welcome_tells_the_largest_packet_which_streams_do_not_have()
    {
        using var client = await ConnectAsync();
        using var stream = await _broker.ConnectAsync();
        Assert.Equal(MaxPacket, client.Info.Limits.MaxPacketBytes);
        Assert.Equal(0, stream.Info.Limits.MaxPacketBytes);

        await client.SubscribeAsync(1, "greet.*");
        await client.FenceAsync();
        await stream.PublishAsync("greet.joe", "from the stream");
        await client.PublishAsync("greet.ann", "from a packet");

        var received = await client.ReceiveAsync();
        received.AddRange(await client.ReceiveAsync());
        Assert.Equal(["from a packet", "from the stream"], received.Select(m => m.Payload).Order(StringComparer.Ordinal));
        Assert.Equal(new Receipt(1, 1, 0), await client.FenceAsync());
    }

    [Fact]
    public async Task Several_frames_in_one_packet_take_effect_in_order()
    {
        using var client = await ConnectAsync();
        await client.SendAsync(output =>
        {
            FrameWriter.Write(output, new SubscribeCommand(1, "a"u8.ToArray(), SubscribeOptions.None));
            output.Write(RawClient.Publish("a", "1"));
            output.Write(RawClient.Publish("a", "2"));
            FrameWriter.Write(output, new PingCommand(9));
        });

        Assert.Equal(["1", "2"], (await client.ReceiveAsync()).Select(m => m.Payload));
        Assert.True(CommandReader.TryReadPong(await client.ExpectAsync(FrameKind.Pong), out ulong token, out var receipt));
        Assert.Equal((9ul, new Receipt(2, 2, 0)), (token, receipt!.Value));
    }

    [Fact]
    public async Task Two_frames_and_a_half_in_one_packet_are_two_messages_and_a_violation()
    {
        using var subscriber = await _broker.ConnectAsync();
        await subscriber.SubscribeAsync(1, "a");
        await subscriber.FenceAsync();
        using var client = await ConnectAsync();
        byte[] frames = [.. RawClient.Publish("a", "1"), .. RawClient.Publish("a", "2"), .. RawClient.Publish("a", "3")[..5]];

        await client.SendAsync(frames);

        var goodbye = await client.ExpectGoodbyeAsync();
        Assert.Equal(CloseReason.Violation, goodbye.Reason);
        Assert.Contains("whole frames", goodbye.Message, StringComparison.Ordinal);
        Assert.Equal(["1", "2"], (await subscriber.ReceiveAsync()).Select(m => m.Payload));
        await subscriber.FenceAsync(2);
    }

    [Fact]
    public async Task A_frame_over_two_packets_is_a_violation_also_when_the_second_would_complete_it()
    {
        using var client = await ConnectAsync();
        var frame = RawClient.Publish("a", "hello");
        await client.SendAsync(frame.AsMemory(0, 7));

        Assert.Equal(CloseReason.Violation, (await client.ExpectGoodbyeAsync()).Reason);
    }

    [Fact]
    public async Task A_packet_beyond_the_limit_is_too_big_with_both_numbers()
    {
        using var client = await ConnectAsync();
        var frame = RawClient.Publish("a", new string('x', MaxPacket));

        await client.SendAsync(frame);

        var goodbye = await client.ExpectGoodbyeAsync();
        Assert.Equal(CloseReason.FrameTooBig, goodbye.Reason);
        Assert.Contains($"{frame.Length}", goodbye.Message, StringComparison.Ordinal);
        Assert.Contains($"{MaxPacket}", goodbye.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_packets_mean_nothing_and_the_connection_lives()
    {
        using var client = await ConnectAsync();
        for (var i = 0; i < 40; i++)
        {
            await client.SendAsync(ReadOnlyMemory<byte>.Empty);
            if (i % 10 == 0) await client.FenceAsync((ulong)i);
        }

        Assert.Equal(new Receipt(0, 0, 0), await client.FenceAsync(100));
    }

    [Fact]
    public async Task A_message_that_no_packet_holds_is_missed_by_its_subscriber_and_dropped_in_the_receipt_while_a_stream_gets_it()
    {
        using var packets = await ConnectAsync();
        using var stream = await _broker.ConnectAsync();
        await packets.SubscribeAsync(1, "big");
        await packets.FenceAsync();
        await stream.SubscribeAsync(1, "big");
        await stream.FenceAsync();
        using var publisher = await _broker.ConnectAsync();
        var big = new string('x', MaxPacket);

        await publisher.PublishAsync("big", "before");
        await publisher.PublishAsync("big", big);
        await publisher.PublishAsync("big", "after");

        Assert.Equal(new Receipt(3, 6, 1), await publisher.FenceAsync());
        Assert.Equal(["before"], (await packets.ReceiveAsync()).Select(m => m.Payload));
        Assert.True(CommandReader.TryReadMissed(await packets.ExpectAsync(FrameKind.Missed), out MissedCommand? missed, out _));
        Assert.Equal((1u, 1ul), (missed.Sid, missed.Count));
        Assert.Equal(["after"], (await packets.ReceiveAsync()).Select(m => m.Payload));
        var received = new List<string>();
        while (received.Count < 3) received.AddRange((await stream.ReceiveAsync()).Select(m => m.Payload));
        Assert.Equal(["before", big, "after"], received);
    }

    [Fact]
    public async Task A_subscriber_that_does_not_read_holds_up_nobody_else_and_gets_everything_when_it_reads()
    {
        using var slow = await ConnectAsync();
        await slow.SubscribeAsync(1, "s");
        await slow.FenceAsync();
        using var publisher = await ConnectAsync();
        var payload = new string('p', 20_000);
        for (var i = 0; i < 200; i++) await publisher.PublishAsync("s", $"{i:D3}{payload}");
        await publisher.FenceAsync();

        var received = new List<string>();
        while (received.Count < 200) received.AddRange((await slow.ReceiveAsync()).Select(m => m.Payload));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i:D3}{payload}"), received);
    }

    [Fact]
    public async Task Each_packet_of_the_broker_holds_whole_frames()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(PacketPath));
        await SendAsync(socket, Core.Frames.Hello());
        await SendAsync(socket, Core.Frames.Subscribe(1, "s"));
        using var publisher = await _broker.ConnectAsync();
        var frames = Core.Frames.Join(Enumerable.Range(0, 5000).Select(i => RawClient.Publish("s", $"{i:D4}" + new string('x', i % 300))));

        var buffer = new byte[MaxPacket + 1];
        var welcome = await ReceiveAsync(socket, buffer);
        Assert.Single(Core.Received.Parse(buffer[..welcome]).Welcomes);
        await SendAsync(socket, Core.Frames.Ping(1));
        var pong = await ReceiveAsync(socket, buffer);
        Assert.Single(Core.Received.Parse(buffer[..pong]).Pongs);
        await publisher.SendAsync(frames);

        var payloads = new List<string>();
        while (payloads.Count < 5000)
        {
            var received = await ReceiveAsync(socket, buffer);
            Assert.InRange(received, 1, MaxPacket);
            payloads.AddRange(Core.Received.Parse(buffer[..received]).Deliveries.Select(d => d.Payload[..4]));
        }

        Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"{i:D4}"), payloads);
    }

    [Fact]
    public async Task Closing_without_goodbye_ends_the_connection_and_its_subscriptions()
    {
        var client = await ConnectAsync();
        await client.SubscribeAsync(1, "s");
        await client.FenceAsync();
        using var publisher = await _broker.ConnectAsync();

        client.Dispose();

        Receipt receipt;
        do
        {
            await publisher.PublishAsync("s", "anybody?");
            receipt = await publisher.FenceAsync();
        }
        while (receipt.Matched > 0);
        Assert.Equal(1ul, receipt.Published);
    }

    [Theory]
    [InlineData("echo")]
    [InlineData("identity")]
    public async Task Raw_protocols_answer_each_packet_with_one(string protocol)
    {
        await using var raw = await BrokerInProcess.StartAsync(
            $"udsbroker.listeners.main.protocol={protocol}", "udsbroker.listeners.main.type=seqpacket", "udsbroker.listeners.main.max-packet=64 KiB");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(raw.Socket));
        var buffer = new byte[MaxPacket];
        async Task<string> NextAsync() => Encoding.ASCII.GetString(buffer, 0, await ReceiveAsync(socket, buffer));

        var identity = protocol == "identity" ? await NextAsync() : null;
        foreach (var packet in new[] { "a", "bcd", new string('e', MaxPacket) })
        {
            await SendAsync(socket, Encoding.ASCII.GetBytes(packet));
            await SendAsync(socket, ReadOnlyMemory<byte>.Empty);
            Assert.Equal(identity ?? packet, await NextAsync());
        }

        if (identity is not null) Assert.Equal(7, Guid.Parse(identity).Version);
        await SendAsync(socket, new byte[MaxPacket + 1]);
        Assert.Equal("", await NextAsync());
    }

    [Fact]
    public async Task An_echo_that_does_not_fit_the_kernel_waits_and_keeps_every_packet()
    {
        await using var raw = await BrokerInProcess.StartAsync("udsbroker.listeners.main.protocol=echo", "udsbroker.listeners.main.type=seqpacket");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(raw.Socket));
        byte[][] packets = [.. Enumerable.Range(1, 200).Select(i => Enumerable.Repeat((byte)i, i * 300).ToArray())];

        var sending = Task.Run(
            async () =>
            {
                foreach (var packet in packets) await SendAsync(socket, packet);
            },
            TestContext.Current.CancellationToken);
        var buffer = new byte[MaxPacket];
        foreach (var packet in packets)
        {
            var received = await ReceiveAsync(socket, buffer);
            Assert.Equal(packet, buffer[..received]);
        }

        await sending;
    }

    private async Task<RawClient> ConnectAsync()
    {
        var client = RawClient.Open(PacketPath, SocketType.Seqpacket);
        await client.GreetAsync();
        return client;
    }

    private static Task<int> ReceiveAsync(Socket socket, byte[] buffer) =>
        socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask().WaitAsync(BrokerInProcess.Patience);

    private static Task<int> SendAsync(Socket socket, ReadOnlyMemory<byte> packet) =>
        socket.SendAsync(packet, TestContext.Current.CancellationToken).AsTask().WaitAsync(BrokerInProcess.Patience);
}
