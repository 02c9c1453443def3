using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Sessions;

/// <summary>Who sends when, on a socket that takes what the test lets it: in place, handed over, gone.</summary>
public class OutboxTests
{
    private readonly SlabPool _pool = new(4096);
    private readonly FakeSocket _socket = new();
    private readonly FakeOwner _owner = new();
    private readonly PublisherAccount _account = new(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    private readonly HoldingSubscriptions _holding = new();
    private readonly Outbox _outbox;
    private readonly Recipient _recipient;

    public OutboxTests()
    {
        _outbox = new Outbox(new OutboxLimits(1000, 250, Limits.Default), _pool, _socket, _owner);
        _recipient = new Recipient(_outbox, [NewSubscription(1, SubscribeOptions.None)]);
    }

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
    public void A_publisher_does_not_send_for_ever_for_somebody_else()
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
    public void While_the_writer_has_the_turn_others_append_behind_and_do_not_send()
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
    public void A_peer_that_is_gone_is_told_once_and_everything_is_dropped_and_released()
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

        Assert.Equal(1, _owner.GoneCalls);
        Assert.False(Deliver("b"));
        Assert.Equal(1u, _account.TakeReceipt().Dropped);
        Assert.Equal(0, _pool.Leased);
    }

    [Fact]
    public void A_drain_lets_everything_leave_and_its_last_frame_is_the_last()
    {
        _socket.Room = 20;
        Deliver("queued");
        _outbox.Flush();
        _outbox.Drain(Frames.Goodbye("the end"));
        Assert.False(_outbox.IsDrained);
        Assert.Equal(0u, DeliverAndCount("not admitted"));
        Assert.False(_outbox.Append(Frames.Encode(o => FrameWriter.Write(o, new PongCommand(1, default(Receipt))))));

        _socket.Room = long.MaxValue;
        Write();
        Assert.True(_outbox.IsDrained);
        Assert.False(_outbox.Append(Frames.Pong(2)));

        var received = Received.Parse(_socket.Received);
        Assert.Equal("1:queued", received.Log);
        Assert.Equal([FrameKind.Deliver, FrameKind.Pong, FrameKind.Goodbye], received.Kinds);
    }

    [Fact]
    public void A_drain_does_not_wait_for_credit_that_nobody_can_give_any_more()
    {
        var stalled = new Recipient(_outbox, [NewSubscription(2, new SubscribeOptions { Credit = 1 })]);
        Deliver("one", stalled);
        Deliver("two", stalled);
        Deliver("three", stalled);
        _outbox.Flush();
        _outbox.Drain(Frames.Goodbye("the end"));
        Write();

        Assert.True(_outbox.IsDrained);
        var received = Received.Parse(_socket.Received);
        Assert.Equal("2:one 2:missed 2", received.Log);
        Assert.Equal(FrameKind.Goodbye, received.Kinds[^1]);
        Assert.Equal(2u, _account.TakeReceipt().Dropped);
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

    [Fact]
    public void A_maximum_is_told_when_the_last_message_is_on_its_way_and_once()
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
        _outbox.Deliver(_recipient, run.Run, _holding, out var deliveries);
        _outbox.Flush();

        Assert.Equal(2u, deliveries);
        Assert.Equal("1:a 1:b", Received.Parse(_socket.Received).Log);
        Assert.Single(_owner.Ended);
    }

    private Subscription NewSubscription(uint sid, SubscribeOptions options) => new(_outbox, sid, "s"u8.ToArray(), options, new PendingBound(1 << 20, 1 << 16));

    private bool Deliver(string payload, Recipient? to = null)
    {
        using var run = new TestRun(_pool, _account, [Frames.Publish("s", payload)]);
        return _outbox.Deliver(to ?? _recipient, run.Run, _holding, out _);
    }

    private uint DeliverAndCount(string payload)
    {
        using var run = new TestRun(_pool, _account, [Frames.Publish("s", payload)]);
        _outbox.Deliver(_recipient, run.Run, _holding, out var deliveries);
        return deliveries;
    }

    private void Write()
    {
        while (_outbox.NextBatch() is { } batch)
        {
            _socket.TrySend(batch, out var sent);
            _outbox.WriterSent(sent);
            if (sent == 0) break;
        }
    }
}
