using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Delivery;

/// <summary>The ends of an outbox and of its subscriptions: gone, closed, drained, at the maximum.</summary>
public class OutboxEndTests : OutboxTestBed
{
    [Fact]
    public void A_gone_peer_is_reported_once_and_everything_is_dropped_and_released()
    {
        var opened = 0;
        var gate = new PublisherGate(() => opened++);
        _socket.Room = 0;
        Deliver(new string('x', 2000));
        _outbox.Flush();
        Deliver("waits in the backlog");
        var holding = Assert.Single(_holding);
        gate.Arm();
        _outbox.Await(holding, gate);
        Assert.False(gate.IsOpenAfterArming());

        _socket.IsGone = true;
        var batch = _outbox.NextBatch()!;
        _outbox.Close();
        Assert.Equal(0, opened);
        Assert.NotEqual(0, _pool.Leased);
        _socket.TrySend(batch, out var sent);
        _outbox.WriterSent(sent);

        Assert.Equal(1, opened);
        Assert.Equal(0, _pool.Leased);
        Assert.Equal(2u, _account.TakeReceipt().Dropped);
        Assert.False(Deliver("too late"));
        Assert.False(_outbox.Append(Frames.Pong(1)));
        Assert.Equal(0u, _account.TakeReceipt().Matched);
    }

    [Fact]
    public void A_publisher_that_finds_the_peer_gone_says_so_and_closes()
    {
        _socket.IsGone = true;
        Deliver("a");
        _outbox.Flush();

        Assert.Equal(1, _owner.PeerGoneCalls);
        Assert.False(Deliver("b"));
        Assert.Equal(1u, _account.TakeReceipt().Dropped);
        Assert.Equal(0, _pool.Leased);
    }

    [Fact]
    public void A_drain_sends_everything_and_then_the_last_frame()
    {
        _socket.Room = 20;
        Deliver("queued");
        _outbox.Flush();
        _outbox.Drain(Frames.Goodbye("the end"));
        Assert.Equal(0, _owner.DrainedCalls);
        Assert.Equal(0u, DeliverAndCount("not admitted"));
        Assert.False(_outbox.Append(Frames.Encode(o => FrameWriter.Write(o, new PongCommand(1, default(Receipt))))));

        _socket.Room = long.MaxValue;
        Write();
        Assert.Equal(1, _owner.DrainedCalls);
        Assert.False(_outbox.Append(Frames.Pong(2)));

        var received = Received.Parse(_socket.Received);
        Assert.Equal("1:queued", received.Log);
        Assert.Equal([FrameKind.Deliver, FrameKind.Pong, FrameKind.Goodbye], received.Kinds);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_last_frame_is_sent_in_place_when_nothing_is_queued_however_long_the_writer_would_take(bool sheds)
    {
        if (sheds) _outbox.Shed(Frames.Goodbye("too heavy"));
        else _outbox.Drain(Frames.Goodbye("the end"));

        Assert.Equal([FrameKind.Goodbye], Received.Parse(_socket.Received).Kinds);
        Assert.Equal((1, 0), (_owner.DrainedCalls, _owner.WriterCalls));
        Assert.Null(_outbox.NextBatch());
    }

    [Fact]
    public void The_last_frame_is_sent_in_place_after_what_a_publisher_was_sending_when_the_end_came()
    {
        _socket.DuringCall = () => _outbox.Drain(Frames.Goodbye("the end"));
        Deliver("before");
        _outbox.Flush();

        var received = Received.Parse(_socket.Received);
        Assert.Equal("1:before", received.Log);
        Assert.Equal([FrameKind.Deliver, FrameKind.Goodbye], received.Kinds);
        Assert.Equal((1, 0), (_owner.DrainedCalls, _owner.WriterCalls));
    }

    [Fact]
    public void A_peer_is_stuck_when_the_kernel_did_not_take_all_and_not_before_it_was_asked()
    {
        Assert.False(_outbox.IsStuck);
        _socket.Room = 5;
        _socket.DuringCall = () => Assert.False(_outbox.IsStuck);
        _outbox.Shed(Frames.Goodbye("too heavy"));
        Assert.True(_outbox.IsStuck);
        _outbox.NextBatch();
        Assert.True(_outbox.IsStuck);

        _outbox.WriterSent(0);
        _socket.Room = long.MaxValue;
        Write();
        Assert.False(_outbox.IsStuck);
        Assert.Equal([FrameKind.Goodbye], Received.Parse(_socket.Received).Kinds);
    }

    [Fact]
    public void A_publisher_that_found_the_kernel_full_leaves_a_peer_that_is_stuck_until_it_reads()
    {
        _socket.Room = 20;
        Deliver("more than that");
        _outbox.Flush();
        Assert.True(_outbox.IsStuck);

        _socket.Room = long.MaxValue;
        Write();
        Assert.False(_outbox.IsStuck);
    }

    [Fact]
    public void A_drain_does_not_wait_for_credit_that_can_no_longer_be_granted()
    {
        var stalled = new Recipient(_outbox, [NewSubscription(2, new SubscribeOptions { Credit = 1 })]);
        Deliver("one", stalled);
        Deliver("two", stalled);
        Deliver("three", stalled);
        _outbox.Flush();
        _outbox.Drain(Frames.Goodbye("the end"));

        Assert.Equal((1, 0), (_owner.DrainedCalls, _owner.WriterCalls));
        var received = Received.Parse(_socket.Received);
        Assert.Equal("2:one 2:missed 2", received.Log);
        Assert.Equal(FrameKind.Goodbye, received.Kinds[^1]);
        Assert.Equal(2u, _account.TakeReceipt().Dropped);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(null, false)]
    [InlineData("q", true)]
    [InlineData("q", false)]
    public void No_publisher_waits_for_a_connection_that_admits_nothing_more(string? queue, bool resigns)
    {
        var opened = 0;
        var gate = new PublisherGate(() => opened++);
        Deliver("waits for credit", new Recipient(_outbox, [NewSubscription(2, new SubscribeOptions { Queue = queue, Credit = 0 })]));
        var holding = Assert.Single(_holding);
        gate.Arm();
        _outbox.Await(holding, gate);
        Assert.False(gate.IsOpenAfterArming());

        if (resigns) _outbox.CloseAdmission();
        else _outbox.Drain(Frames.Goodbye("the end"));
        Assert.Equal(1, opened);

        gate.Arm();
        _outbox.Await(holding, gate);
        Assert.True(gate.IsOpenAfterArming());
        _outbox.Close();
        foreach (var parcel in _outbox.TakeLeftovers().SelectMany(leftover => leftover.Parcels)) parcel.Release();
        Assert.Equal((1, 0), (opened, _pool.Leased));
    }

    [Fact]
    public void A_maximum_is_reported_once_when_the_last_message_is_queued()
    {
        var subscription = NewSubscription(2, new SubscribeOptions { Credit = 1 });
        var recipient = new Recipient(_outbox, [subscription]);
        _outbox.UnsubscribeAfter(subscription, 2);
        Deliver("a", recipient);
        Deliver("b", recipient);
        Deliver("c", recipient);
        Assert.Empty(_owner.Ended);

        _outbox.Grant(subscription, 5);
        _outbox.Flush();

        Assert.Same(subscription, Assert.Single(_owner.Ended));
        Assert.Equal("2:a 2:b", Received.Parse(_socket.Received).Log);
    }

    [Fact]
    public void A_maximum_cuts_a_run_where_it_is_reached()
    {
        _outbox.UnsubscribeAfter(_recipient.Subscriptions[0], 2);
        using var run = new TestRun(_pool, _account, [.. "abcd".Select(c => Frames.Publish("s", $"{c}"))]);
        _outbox.Deliver(_recipient, run.Run, _holding, out var deliveries, out _);
        _outbox.Flush();

        Assert.Equal(2u, deliveries);
        Assert.Equal("1:a 1:b", Received.Parse(_socket.Received).Log);
        Assert.Single(_owner.Ended);
    }
}
