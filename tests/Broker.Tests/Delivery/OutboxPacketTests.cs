using UdsBroker.Broker.Load;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Delivery;

/// <summary>
/// What leaves for a socket that keeps packets: each packet readable alone and no larger than allowed, runs cut between messages, and
/// a message that fits no packet dropped in its place and accounted.
/// </summary>
public class OutboxPacketTests
{
    private const int MaxPacket = 600;
    private readonly CoreBroker _broker = new(maxPacket: MaxPacket);
    private readonly CoreConnection _publisher;
    private readonly CoreConnection _subscriber;

    public OutboxPacketTests()
    {
        _publisher = _broker.Connect();
        _subscriber = _broker.Connect();
    }

    [Fact]
    public void A_run_larger_than_a_packet_is_sent_in_several_each_whole_and_in_order()
    {
        Subscribe();
        byte[][] frames = [.. Enumerable.Range(0, 100).Select(i => Frames.Publish("s", $"{i:D3}" + new string('x', 40)))];

        _publisher.Send(Frames.Join(frames));
        _subscriber.Write();

        var packets = Packets();
        Assert.InRange(packets.Count, Frames.Join(frames).Length / MaxPacket, (Frames.Join(frames).Length / MaxPacket) + 4);
        Assert.Equal(frames, packets.SelectMany(p => p.Deliveries).Select(d => d.Frame));
        Assert.Equal(new Receipt(100, 100, 0), _publisher.Account.TakeReceipt());
    }

    [Fact]
    public void A_peer_is_stuck_while_the_kernel_waits_with_its_packet()
    {
        _subscriber.Socket.Room = 0;
        _subscriber.Outbox.Shed(Frames.Goodbye("too heavy"));
        Assert.NotNull(_subscriber.Outbox.NextBatch());
        Assert.True(_subscriber.Outbox.IsStuck);
    }

    [Fact]
    public void Small_runs_share_packets()
    {
        Subscribe();
        for (var i = 0; i < 5; i++) _publisher.Send(Frames.Join(Frames.Publish("s", $"{i}"), Frames.Publish("s.other", "x"), Frames.Publish("s", "again")));

        Assert.Equal(5, Packets().Count);
    }

    [Theory]
    [InlineData(OverflowPolicy.Block)]
    [InlineData(OverflowPolicy.DropOldest)]
    [InlineData(OverflowPolicy.DropNewest)]
    [InlineData(OverflowPolicy.Latest)]
    [InlineData(OverflowPolicy.Disconnect)]
    public void A_message_that_fits_no_packet_is_a_gap_in_its_place_and_dropped_in_the_receipt(OverflowPolicy policy)
    {
        Subscribe(new SubscribeOptions { Overflow = policy });
        var large = new string('L', MaxPacket);

        _publisher.Send(Frames.Join(Publish("1"), Publish(large), Publish(large), Publish("2"), Publish(large), Publish("3")));

        Assert.Equal("1:1 1:missed 2 1:2 1:missed 1 1:3", Log());
        Assert.Equal(new Receipt(6, 6, 3), _publisher.Account.TakeReceipt());
        Assert.Equal(3, _broker.Traffic.DroppedFor(DropReason.TooLarge));
    }

    [Fact]
    public void A_message_that_just_fits_with_its_header_is_sent_and_one_byte_more_is_not()
    {
        Subscribe();
        var room = MaxPacket - FrameWriter.MaxDeliverHeader(1);
        var overhead = FrameWriter.PublishOverhead(1, -1, 0, room - 10);

        _publisher.Send(Publish(new string('a', room - overhead)));
        Assert.Equal($"1:{new string('a', room - overhead)}", Log());
        _publisher.Send(Publish(new string('b', room - overhead + 1)));
        Assert.Equal("1:missed 1", Log());
    }

    [Fact]
    public void A_dropped_message_takes_no_credit_and_its_gap_stays_after_what_waits_for_credit()
    {
        Subscribe(new SubscribeOptions { Credit = 1 });

        _publisher.Send(Frames.Join(Publish(new string('L', MaxPacket)), Publish("1"), Publish("2"), Publish(new string('L', MaxPacket)), Publish("3")));

        Assert.Equal("1:missed 1 1:1", Log());
        _subscriber.Send(Frames.Credit(1, 5));
        Assert.Equal("1:2 1:missed 1 1:3", Log());
    }

    [Fact]
    public void Several_subscriptions_of_one_connection_each_get_the_message_or_its_gap()
    {
        _subscriber.Send(Frames.Subscribe(1, "s"), Frames.Subscribe(2, ">"));

        _publisher.Send(Frames.Join(Publish("1"), Publish(new string('L', MaxPacket)), Publish("2")));

        var log = Packets().SelectMany(p => p.Deliveries).Select(d => d.ToString()).ToList();
        Assert.Equal(["1:1", "1:missed 1", "1:2"], log.Where(d => d.StartsWith("1:", StringComparison.Ordinal)));
        Assert.Equal(["2:1", "2:missed 1", "2:2"], log.Where(d => d.StartsWith("2:", StringComparison.Ordinal)));
        Assert.Equal(new Receipt(3, 6, 2), _publisher.Account.TakeReceipt());
    }

    [Fact]
    public void A_full_kernel_takes_nothing_of_a_packet_and_the_writer_goes_on_with_it()
    {
        Subscribe();
        _subscriber.Socket.Room = 100;
        for (var i = 0; i < 50; i++) _publisher.Send(Publish($"{i:D2}" + new string('x', 60)));
        Assert.Equal("00", Assert.Single(Packets().SelectMany(p => p.Deliveries)).Payload[..2]);
        Assert.True(_subscriber.IsWriterNeeded);

        _subscriber.Socket.Room = long.MaxValue;
        _subscriber.Write();

        var packets = Packets();
        Assert.Equal(Enumerable.Range(1, 49), packets.SelectMany(p => p.Deliveries).Select(d => int.Parse(d.Payload[..2], provider: null)));
        Assert.InRange(packets.Count, 1, 15);
    }

    [Fact]
    public void A_parcel_of_a_backlog_is_sent_in_packets()
    {
        Subscribe(new SubscribeOptions { Credit = 0, Overflow = OverflowPolicy.DropOldest });
        for (var i = 0; i < 60; i++) _publisher.Send(Publish($"{i:D2}" + new string('x', 30)));

        _subscriber.Send(Frames.Credit(1, 1000));
        _subscriber.Write();

        var deliveries = Packets().SelectMany(p => p.Deliveries).ToList();
        Assert.Equal(Enumerable.Range(0, 60), deliveries.Select(d => int.Parse(d.Payload[..2], provider: null)));
        _subscriber.Close();
        _publisher.Close();
        Assert.Equal(0, _broker.Pool.Leased);
    }

    [Fact]
    public void A_large_message_does_not_stop_one_for_a_stream()
    {
        var stream = new CoreBroker();
        var (publisher, subscriber) = (stream.Connect(), stream.Connect());
        subscriber.Send(Frames.Subscribe(1, "s"));

        publisher.Send(Publish(new string('L', MaxPacket)));

        Assert.Equal($"1:{new string('L', MaxPacket)}", subscriber.Log());
    }

    private static byte[] Publish(string payload) => Frames.Publish("s", payload);

    private void Subscribe(SubscribeOptions? options = null)
    {
        _subscriber.Send(Frames.Subscribe(1, "s", options));
        _subscriber.Socket.Packets!.Clear();
    }

    // Each packet since the last call, taken apart by itself, which fails when one does not hold whole frames.
    private List<Received> Packets()
    {
        var packets = _subscriber.Socket.Packets!;
        Assert.All(packets, packet => Assert.InRange(packet.Length, 1, MaxPacket));
        List<Received> parsed = [.. packets.Select(packet => Received.Parse(packet))];
        packets.Clear();
        return parsed;
    }

    private string Log()
    {
        _subscriber.Write();
        return string.Join(' ', Packets().SelectMany(p => p.Deliveries));
    }
}
