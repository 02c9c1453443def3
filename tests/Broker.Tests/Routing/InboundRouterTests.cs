using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>From received bytes to deliveries, receipts and control frames, however the bytes are cut.</summary>
public class InboundRouterTests
{
    private readonly CoreBroker _broker = new();

    [Fact]
    public void A_stream_cut_at_every_offset_is_delivered_as_the_same_bytes()
    {
        byte[][] frames =
        [
            Frames.Hello(), Frames.Subscribe(9, "self"), Frames.Publish("a", "1"), Frames.Publish("a", "2"), Frames.Ping(1),
            Frames.Publish("a", new byte[300], reply: "r"), Frames.Publish("bad..subject", "x"), Frames.Publish("b", "3"), Frames.Publish("self", "4"),
            Frames.Unsubscribe(9), Frames.Publish("self", "5"), Frames.Ping(2), Frames.Pong(7), Frames.Publish("a", new byte[2200]),
            Frames.Goodbye("enough"), Frames.Publish("a", "not any more"),
        ];
        var stream = Frames.Join(frames);
        var whole = Outcome([stream]);
        for (var cut = 1; cut < stream.Length; cut++) Assert.Equal(whole, Outcome([stream[..cut], stream[cut..]]));
        Assert.Equal(whole, Outcome(stream.Select(b => new[] { b })));
        Assert.Equal("1:1 1:2 1: 1:3 1:4 1:5 1:", whole.Subscriber);
        Assert.Equal("9:4 pongs 2/2/0 4/5/0 errors BadSubject ends ClientClosed", whole.Publisher);
    }

    [Fact]
    public void A_run_goes_on_over_several_subjects_that_lead_to_the_same_subscriptions()
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        subscriber.Send(Frames.Subscribe(1, "a.*"), Frames.Subscribe(2, "a.c"));
        var calls = subscriber.Socket.Calls;
        publisher.Send(Frames.Join(new[] { "a.a", "a.b", "a.a", "a.c", "a.c", "a.b" }.Select((subject, i) => Frames.Publish(subject, $"{i}"))));

        var received = Received.Parse(subscriber.Socket.Received);
        Assert.Equal("1:0 1:1 1:2 1:3 2:3 1:4 2:4 1:5", received.Log);
        Assert.Equal(3, received.Kinds.Count(kind => kind == FrameKind.Deliver));
        Assert.Equal(calls + 1, subscriber.Socket.Calls);
    }

    [Fact]
    public void A_fence_counts_what_was_published_matched_and_dropped_since_the_last_one()
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        subscriber.Send(Frames.Subscribe(1, "a"), Frames.Subscribe(2, ">"));
        subscriber.Send(Frames.Subscribe(3, "a", new SubscribeOptions { Credit = 0, Overflow = OverflowPolicy.DropNewest, PendingBytes = 1 }));
        publisher.Send(Frames.Join(Frames.Publish("a", "1"), Frames.Ping(7), Frames.Publish("b", "2"), Frames.Publish("a", "3"), Frames.Ping(8), Frames.Ping(9)));

        Assert.Equal(
            [new PongCommand(7, new Receipt(1, 3, 1)), new PongCommand(8, new Receipt(2, 4, 1)), new PongCommand(9, new Receipt(0, 0, 0))],
            Received.Parse(publisher.Socket.Received).Pongs);
    }

    [Fact]
    public void Publishes_and_fences_after_a_control_frame_wait_until_it_is_in_force()
    {
        var connection = _broker.Connect();
        var buffer = Fill(Frames.Join(Frames.Publish("a", "1"), Frames.Subscribe(1, "a"), Frames.Pong(1), Frames.Unsubscribe(2), Frames.Publish("a", "2"), Frames.Ping(1)));

        var control = connection.Router.Consume(buffer);
        Assert.Equal([FrameKind.Subscribe, FrameKind.Unsubscribe], control!.Frames.Select(f => f.Kind));
        Assert.Equal(new Receipt(1, 0, 0), connection.Account.TakeReceipt());
        foreach (var (kind, bytes) in control.Frames) connection.Session.Handle(kind, bytes);
        _broker.Apply(connection.Session.TakeChanges());

        Assert.Null(connection.Router.Consume(buffer));
        var received = Received.Parse(connection.Socket.Received);
        Assert.Equal("1:2", received.Log);
        Assert.Equal(new Receipt(1, 1, 0), Assert.Single(received.Pongs).Receipt);
        Assert.Equal(0, buffer.UnreadLength);
    }

    [Fact]
    public void A_flood_of_control_frames_is_handled_in_batches()
    {
        var connection = _broker.Connect();
        var buffer = Fill(Frames.Join(Enumerable.Range(1, 300).Select(i => Frames.Unsubscribe((uint)i))));

        Assert.Equal(ControlFrames.MaxFrames, connection.Router.Consume(buffer)!.Count);
        Assert.Equal(300 - ControlFrames.MaxFrames, connection.Router.Consume(buffer)!.Count);
    }

    [Fact]
    public void An_error_that_is_repeated_in_a_run_is_reported_once_and_the_frames_around_it_are_routed()
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        subscriber.Send(Frames.Subscribe(1, ">"));
        publisher.Send(Frames.Join(
            [Frames.Publish("a", "1"), .. Enumerable.Repeat(Frames.Publish("$SYS.x", "no"), 100), Frames.Publish("a b", "no"), Frames.Publish("a", "2"), Frames.Ping(1)]));

        var received = Received.Parse(publisher.Socket.Received);
        Assert.Equal([(ErrorCode.ReservedSubject, "$SYS.x"), (ErrorCode.BadSubject, "a b")], received.Errors.Select(e => (e.Code, e.Context!["subject"])));
        Assert.Equal(new Receipt(2, 2, 0), received.Pongs[0].Receipt);
        Assert.Equal("1:1 1:2", subscriber.Log());
    }

    [Fact]
    public void The_first_frame_has_to_be_hello()
    {
        foreach (var frame in new[] { Frames.Publish("a", "x"), Frames.Ping(1), Frames.Subscribe(1, "a"), Frames.Goodbye("") })
        {
            var connection = _broker.Accept();
            connection.Send(frame);
            Assert.Equal(CloseReason.Violation, Assert.Single(connection.Endings).Reason);
            Assert.Equal(default, connection.Account.TakeReceipt());
        }
    }

    [Fact]
    public void Nothing_after_a_violation_is_processed_and_everything_before_it_counts()
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        subscriber.Send(Frames.Subscribe(1, ">"));
        publisher.Send(Frames.Join(Frames.Publish("a", "1"), [0xC1], Frames.Publish("a", "2")));
        publisher.Send(Frames.Publish("a", "3"));

        Assert.Equal(CloseReason.Violation, Assert.Single(publisher.Endings).Reason);
        Assert.Equal("1:1", subscriber.Log());
    }

    [Fact]
    public void Nothing_that_arrives_after_the_end_is_processed_whole_or_in_part()
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        subscriber.Send(Frames.Subscribe(1, ">"));
        var frame = Frames.Publish("a", "2");
        publisher.Send(Frames.Publish("a", "1"), frame[..3]);
        publisher.Router.End();
        publisher.Send(frame[3..], Frames.Publish("a", "3"), Frames.Subscribe(1, "a"), Frames.Ping(1));

        Assert.Equal("1:1", subscriber.Log());
        Assert.Empty(publisher.Socket.Received.Skip(publisher.Socket.TakeReceived().Length));
        Assert.Equal(0, publisher.Buffer.UnreadLength);
        Assert.Equal(new Receipt(1, 1, 0), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void Work_changes_with_every_part_of_a_message_and_not_with_pings()
    {
        var publisher = _broker.Connect();
        var work = publisher.Router.Work;
        publisher.Send(Frames.Ping(1), Frames.Pong(1));
        Assert.Equal(work, publisher.Router.Work);

        foreach (var part in Frames.Publish("a", "in parts").Chunk(3))
        {
            publisher.Send(part);
            Assert.True(publisher.Router.Work > work);
            work = publisher.Router.Work;
        }
    }

    [Fact]
    public void A_length_beyond_a_limit_ends_the_connection_before_its_bytes_arrive()
    {
        var connection = _broker.Connect();
        connection.Send([0x95, 0x05, 0xA1, (byte)'a', 0xC0, 0xC0, 0xC6, 0x7F, 0xFF, 0xFF, 0xFF]);

        Assert.Equal(CloseReason.FrameTooBig, Assert.Single(connection.Endings).Reason);
    }

    [Fact]
    public void A_publisher_that_reads_nothing_is_not_read_while_its_answers_pile_up()
    {
        var broker = new CoreBroker(highWatermark: 1000, lowWatermark: 250);
        var publisher = broker.Connect();
        publisher.Socket.Room = 0;
        for (var i = 0; i < 1000; i++) publisher.Send(Frames.Ping((ulong)i));
        Assert.True(publisher.IsHeldBack);
        Assert.InRange(broker.Pool.Leased, 1, 4);

        publisher.Socket.Room = long.MaxValue;
        for (var i = 0; i < 100 && !publisher.HasReadAll; i++)
        {
            publisher.Write();
            publisher.Resume();
        }

        publisher.Write();
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (ulong)i), Received.Parse(publisher.Socket.Received).Pongs.Select(p => p.Token));
    }

    [Fact]
    public void One_message_for_more_subscriptions_than_a_deliver_can_name_reaches_them_all()
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        const uint subscriptions = (2 * Limits.MaxDeliverSids) + 1;
        subscriber.Send(Enumerable.Range(1, (int)subscriptions).Select(sid => Frames.Subscribe((uint)sid, "a")));
        publisher.Send(Frames.Publish("a", "x"));

        var received = Received.Parse(subscriber.Socket.Received);
        Assert.Equal(Enumerable.Range(1, (int)subscriptions), received.Deliveries.Select(d => (int)d.Sid));
        Assert.Equal(3, received.Kinds.Count(kind => kind == FrameKind.Deliver));
        Assert.Equal(new Receipt(1, subscriptions, 0), publisher.Account.TakeReceipt());
    }

    private static (string Subscriber, string Publisher) Outcome(IEnumerable<byte[]> pieces)
    {
        var broker = new CoreBroker();
        var subscriber = broker.Connect();
        subscriber.Send(Frames.Subscribe(1, ">"));
        var publisher = broker.Accept();
        publisher.Send(pieces);
        subscriber.Write();

        var deliveries = Received.Parse(subscriber.Socket.Received).Deliveries;
        Assert.All(deliveries, d => Assert.Equal(publisher.Id, d.Sender));
        var told = Received.Parse(publisher.Socket.Received);
        var log = $"{told.Log} pongs {string.Join(' ', told.Pongs.Select(p => p.Receipt!.Value).Select(r => $"{r.Published}/{r.Matched}/{r.Dropped}"))}"
            + $" errors {string.Join(' ', told.Errors.Select(e => e.Code))} ends {string.Join(' ', publisher.Endings.Select(e => e.Reason))}";
        publisher.Close();
        subscriber.Close();
        Assert.Equal(0, broker.Pool.Leased);
        return (string.Join(' ', deliveries.Select(d => $"{d.Sid}:{d.Payload.Trim('\0')}")), log);
    }

    private InboundBuffer Fill(byte[] bytes)
    {
        var buffer = new InboundBuffer(_broker.Pool);
        bytes.CopyTo(buffer.FreeSpace());
        buffer.Filled(bytes.Length);
        return buffer;
    }
}
