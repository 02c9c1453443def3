using System.Net.Sockets;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>Packets over an accepted SOCK_SEQPACKET connection: whole ones, too large ones, empty ones, and the end.</summary>
public sealed class PacketConnectionTests : IAsyncLifetime
{
    private const int MaxPacket = 64 << 10;

    private readonly byte[] _buffer = new byte[MaxPacket];
    private ConnectedPair _pair = null!;

    private Socket Client => _pair.Client;

    private UnixConnection Connection => _pair.Connection;

    public async ValueTask InitializeAsync() =>
        _pair = await ConnectedPair.OpenAsync(SocketType.Seqpacket, TestSettings.File with { Type = UnixSocketType.SeqPacket, MaxPacket = MaxPacket });

    public ValueTask DisposeAsync()
    {
        _pair.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Each_receive_is_one_packet()
    {
        Client.Send("first"u8);
        Client.Send("2nd"u8);

        Assert.Equal((5, ReceiveState.Received), Receive());
        Assert.Equal((3, ReceiveState.Received), Receive());
        Assert.Equal((0, ReceiveState.Empty), Receive());
    }

    [Fact]
    public void The_largest_packet_is_received_whole_and_one_byte_more_is_reported_with_its_real_size()
    {
        Client.SendBufferSize = 2 * MaxPacket;
        Client.Send(new byte[MaxPacket]);
        Client.Send(new byte[MaxPacket + 1]);
        Client.Send("next"u8);

        Assert.Equal((MaxPacket, ReceiveState.Received), Receive());
        Assert.Equal((MaxPacket + 1, ReceiveState.TooLarge), Receive());
        Assert.Equal((4, ReceiveState.Received), Receive());
    }

    [Fact]
    public void Packets_without_bytes_are_not_the_end_wherever_they_come()
    {
        Client.Send(Array.Empty<byte>());
        Assert.Equal((0, ReceiveState.Empty), Receive());
        Client.Send(Array.Empty<byte>());
        Client.Send("a"u8);
        Client.Send(Array.Empty<byte>());
        Client.Send(Array.Empty<byte>());
        Client.Send("b"u8);
        Client.Send(Array.Empty<byte>());
        Client.Dispose();

        Assert.Equal((1, ReceiveState.Received), Receive());
        Assert.Equal((1, ReceiveState.Received), Receive());
        Assert.Equal((0, ReceiveState.Ended), Receive());
        Assert.Equal((0, ReceiveState.Ended), Receive());
    }

    [Fact]
    public void A_flood_of_empty_packets_does_not_keep_the_receiver_for_ever()
    {
        for (var i = 0; i < 100; i++) Client.Send(Array.Empty<byte>());
        Client.Send("x"u8);

        var turns = 0;
        while (Receive() is not (1, ReceiveState.Received)) turns++;
        Assert.InRange(turns, 2, 100);
    }

    [Fact]
    public void The_end_of_a_peer_that_sent_nothing_is_the_end()
    {
        Client.Dispose();

        Assert.Equal((0, ReceiveState.Ended), Receive());
    }

    [Fact]
    public async Task A_packet_is_sent_whole_or_not_at_all_and_waits_as_a_whole()
    {
        List<ArraySegment<byte>> packet = [new byte[MaxPacket / 2], "end"u8.ToArray()];
        var packets = 0;
        SocketError error;
        while (Connection.TrySend(packet, out error) is > 0 and var sent)
        {
            Assert.Equal(packet.Sum(segment => segment.Count), sent);
            packets++;
        }

        Assert.Equal(SocketError.WouldBlock, error);
        var waiting = Connection.SendPacketAsync(packet);
        Assert.False(waiting.IsCompleted);
        for (var i = 0; i <= packets; i++) Assert.Equal((MaxPacket / 2) + 3, await Client.ReceiveAsync(_buffer));
        Assert.Equal((MaxPacket / 2) + 3, await waiting.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_largest_packet_can_be_sent()
    {
        Assert.Equal(MaxPacket, Connection.TrySend([new byte[MaxPacket]], out var error));
        Assert.Equal(SocketError.Success, error);
    }

    private (int Bytes, ReceiveState State) Receive()
    {
        var received = Connection.TryReceive(_buffer, out var state);
        return (received, state);
    }
}
