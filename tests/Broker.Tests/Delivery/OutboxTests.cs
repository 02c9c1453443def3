using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Delivery;

/// <summary>Who sends when, on a socket that takes what the test lets it: in place, handed over, in turns.</summary>
public class OutboxTests : OutboxTestBed
{
    [Fact]
    public void Only_the_first_appender_has_to_flush_and_one_call_carries_all()
    {
        Assert.True(Deliver("a"));
        Assert.False(Deliver("b"));
        Assert.False(_outbox.Append(Frames.Pong(1)));
        Assert.Empty(_socket.Received);

        _outbox.Flush();

        Assert.Equal("1:a 1:b", Received.Parse(_socket.Received).Log);
        Assert.Equal(1, _socket.Calls);
        Assert.Equal(0, _owner.WriterCalls);
        Assert.Equal(0, _pool.Leased);
    }

    [Fact]
    public void The_writer_goes_on_at_any_offset_where_the_kernel_was_full()
    {
        Deliver("first");
        Deliver(new string('x', 3000));
        _outbox.Flush();
        var whole = _socket.TakeReceived();
        for (var room = 0; room < whole.Length; room++)
        {
            Deliver("first");
            Deliver(new string('x', 3000));
            _socket.Room = room;
            _outbox.Flush();
            Assert.Equal(room + 1, _owner.WriterCalls);

            _socket.Room = long.MaxValue;
            _socket.MostPerCall = 700;
            Write();
            _socket.MostPerCall = int.MaxValue;
            if (!whole.AsSpan().SequenceEqual(_socket.TakeReceived())) Assert.Fail($"full after {room} bytes, and other bytes came");
        }

        Assert.Equal(0, _pool.Leased);
    }

    [Fact]
    public void A_publisher_hands_over_to_the_writer_after_a_few_sends()
    {
        _socket.MostPerCall = 10;
        for (var i = 0; i < 10; i++) Deliver($"message {i}");
        _outbox.Flush();

        Assert.Equal(4, _socket.Calls);
        Assert.Equal(1, _owner.WriterCalls);
        Write();
        Assert.Equal(10, Received.Parse(_socket.Received).Deliveries.Count);
    }

    [Fact]
    public void While_the_writer_sends_others_append_and_do_not_send()
    {
        _socket.Room = 5;
        Deliver("a");
        _outbox.Flush();
        Assert.False(Deliver("b"));
        var batch = _outbox.NextBatch()!;
        Assert.Null(_outbox.NextBatch());
        Assert.False(Deliver("c"));

        _socket.Room = long.MaxValue;
        _socket.TrySend(batch, out var sent);
        _outbox.WriterSent(sent);
        Write();

        Assert.Equal("1:a 1:b 1:c", Received.Parse(_socket.Received).Log);
        Assert.True(Deliver("d"));
    }

    [Fact]
    public void A_stalled_subscription_does_not_stall_its_siblings_on_the_same_connection()
    {
        var stalled = NewSubscription(2, new SubscribeOptions { Credit = 0 });
        var both = new Recipient(_outbox, [_recipient.Subscriptions[0], stalled]);
        Deliver("a", both);
        Deliver("b");
        _outbox.Flush();
        Assert.Equal("1:a 1:b", Received.Parse(_socket.TakeReceived()).Log);

        _outbox.Grant(stalled, 1);
        Assert.Equal("2:a", Received.Parse(_socket.TakeReceived()).Log);
    }

    [Fact]
    public void Subscriptions_of_one_connection_share_one_copy_as_long_as_all_have_credit()
    {
        var credit = NewSubscription(2, new SubscribeOptions { Credit = 2 });
        var both = new Recipient(_outbox, [_recipient.Subscriptions[0], credit]);
        foreach (var payload in new[] { "a", "b", "c" }) Deliver(payload, both);
        _outbox.Flush();

        var received = Received.Parse(_socket.TakeReceived());
        Assert.Equal("1:a 2:a 1:b 2:b 1:c", received.Log);
        Assert.Equal(3, received.Kinds.Count);
        _outbox.Grant(credit, 1);
        Assert.Equal("2:c", Received.Parse(_socket.TakeReceived()).Log);
    }

    [Fact]
    public void A_busy_subscription_does_not_keep_a_waiting_sibling_from_its_turn()
    {
        var busy = new Recipient(_outbox, [NewSubscription(2, new SubscribeOptions { Overflow = OverflowPolicy.DropOldest })]);
        _socket.Room = 0;
        Deliver(new string('x', 1200), busy);
        _outbox.Flush();
        Deliver("patient");

        var isServed = false;
        for (var i = 0; i < 20 && !isServed; i++)
        {
            Deliver(new string('y', 1200), busy);
            _socket.Room = 1300;
            Write();
            isServed = Received.Parse(_socket.Received, mayBeCut: true).Log.Contains("1:patient", StringComparison.Ordinal);
        }

        Assert.True(isServed);
    }

    [Fact]
    public void Only_unread_replies_make_a_connection_wait_for_itself()
    {
        var opened = 0;
        var gate = new PublisherGate(() => opened++);
        _socket.Room = 0;
        Deliver(new string('x', 5000));
        _outbox.Flush();
        gate.Arm();
        _outbox.AwaitRoom(gate);
        Assert.True(gate.IsOpenAfterArming());

        for (var i = 0; i < 400; i++) _outbox.Append(Frames.Pong(1));
        gate.Arm();
        _outbox.AwaitRoom(gate);
        Assert.False(gate.IsOpenAfterArming());
        _socket.Room = long.MaxValue;
        Write();
        Assert.Equal(1, opened);
    }
}
