using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Delivery;

/// <summary>Messages with a deadline that wait in a backlog: when they are dropped, before whom, and how each side is told.</summary>
public sealed class ExpiryTests : OutboxTestBed
{
    private static readonly long MessageBytes = Frames.Publish("s", "1").Length;

    [Fact]
    public void A_message_that_has_expired_when_its_turn_comes_is_missed_and_not_sent()
    {
        var recipient = Subscribe(OverflowPolicy.Block);
        Deliver("1", recipient, Expires(50));
        Deliver("2", recipient);
        Deliver("3", recipient, Expires(60));
        Deliver("4", recipient, Expires(61));
        _clock.Advance(60);
        _outbox.Grant(recipient.Subscriptions[0], 10);

        Assert.Equal("2:missed 1 (1 expired) 2:2 2:missed 1 (1 expired) 2:4", Log());
        Assert.Equal(new Receipt(0, 0, 2, 2), _account.TakeReceipt());
        Assert.Equal(0, _pool.Leased);
    }

    [Fact]
    public void What_is_sent_at_once_needs_no_time()
    {
        Deliver("1", traits: Expires(0));
        _outbox.Flush();
        Assert.Equal("1:1", Log());
    }

    [Fact]
    public void A_message_that_may_not_wait_at_all_is_dropped_instead()
    {
        var recipient = Subscribe(OverflowPolicy.Block);
        Deliver("1", recipient, Expires(0));
        Deliver("2", recipient);
        _outbox.Grant(recipient.Subscriptions[0], 10);
        Assert.Equal("2:missed 1 (1 expired) 2:2", Log());
    }

    [Fact]
    public void When_everything_has_expired_the_gap_is_reported_and_no_publisher_waits()
    {
        var recipient = Subscribe(OverflowPolicy.Block);
        Deliver("1", recipient, Expires(10));
        Deliver("2", recipient, Expires(20));
        _clock.Advance(20);
        _outbox.Grant(recipient.Subscriptions[0], 1);
        Assert.Equal("2:missed 2 (2 expired)", Log());
        Assert.Null(recipient.Subscriptions[0].Backlog);
        Assert.Equal(1ul, recipient.Subscriptions[0].Credit);
    }

    [Fact]
    public void A_stall_that_finds_everything_expired_reports_the_gap_without_credit()
    {
        var recipient = Subscribe(OverflowPolicy.Block);
        Deliver("1", recipient, Expires(10));
        _clock.Advance(20);
        _outbox.BeginCatchingUp(recipient.Subscriptions[0]);

        Assert.Equal("2:missed 1 (1 expired)", Log());
        Assert.Null(recipient.Subscriptions[0].Backlog);
    }

    [Theory]
    [InlineData(OverflowPolicy.DropOldest)]
    [InlineData(OverflowPolicy.DropNewest)]
    [InlineData(OverflowPolicy.Disconnect)]
    public void Expired_messages_make_room_before_live_ones_are_dropped(OverflowPolicy policy)
    {
        var recipient = Subscribe(policy, bound: 3 * MessageBytes);
        Deliver("1", recipient);
        Deliver("2", recipient, Expires(10));
        Deliver("3", recipient);
        _clock.Advance(10);
        Deliver("4", recipient);
        _outbox.Grant(recipient.Subscriptions[0], 10);

        Assert.Equal("2:1 2:missed 1 (1 expired) 2:3 2:4", Log());
        Assert.Equal(new Receipt(0, 0, 1, 1), _account.TakeReceipt());
        Assert.Empty(_owner.Slow);
    }

    [Fact]
    public void A_gap_of_both_kinds_says_how_many_had_expired()
    {
        var recipient = Subscribe(OverflowPolicy.DropOldest, bound: 2 * MessageBytes);
        Deliver("1", recipient);
        Deliver("2", recipient, Expires(10));
        Deliver("3", recipient);
        _clock.Advance(10);
        Deliver("4", recipient);
        _outbox.Grant(recipient.Subscriptions[0], 10);

        Assert.Equal("2:missed 2 (1 expired) 2:3 2:4", Log());
        Assert.Equal(new Receipt(0, 0, 2, 1), _account.TakeReceipt());
    }

    [Fact]
    public void Latest_forgets_the_subject_of_an_expired_message()
    {
        var recipient = Subscribe(OverflowPolicy.Latest);
        Deliver("1", recipient, Expires(10));
        _clock.Advance(10);
        Deliver("2", recipient);
        _outbox.Grant(recipient.Subscriptions[0], 10);
        Assert.Equal("2:missed 1 (1 expired) 2:2", Log());
    }

    [Fact]
    public void Messages_with_one_deadline_share_a_parcel_and_those_with_another_do_not()
    {
        var recipient = Subscribe(OverflowPolicy.Block);
        for (var i = 1; i <= 3; i++) Deliver($"{i}", recipient, Expires(10));
        for (var i = 4; i <= 6; i++) Deliver($"{i}", recipient, Expires(20));
        _clock.Advance(15);
        _outbox.Grant(recipient.Subscriptions[0], 10);
        Assert.Equal("2:missed 3 (3 expired) 2:4 2:5 2:6", Log());
    }

    // More than the queue of deadlines holds without sweeping it.
    [Fact]
    public void Leftovers_kept_during_a_send_are_not_dropped_as_expired_after_it()
    {
        var member = new Recipient(_outbox, [NewSubscription(2, new SubscribeOptions { Queue = "q", Credit = 0 })]);
        for (var i = 0; i < 70; i++) Deliver($"{i}", member, Expires(10 + i));
        Deliver("sent");
        _socket.DuringCall = () =>
        {
            _outbox.Close();
            _clock.Advance(1000);
        };
        _outbox.Flush();

        var parcels = Assert.Single(_outbox.TakeLeftovers()).Parcels;
        Assert.Equal(70, parcels.Count);
        Assert.Equal(0u, _account.TakeReceipt().Dropped);
        foreach (var parcel in parcels) parcel.Release();
        Assert.Equal(0, _pool.Leased);
    }

    private RunTraits Expires(long milliseconds) => new(DeliverFlags.None, _clock.Milliseconds + milliseconds);

    private Recipient Subscribe(OverflowPolicy policy, long bound = 1 << 20) => new(
        _outbox, [new Subscription(_outbox, 2, "s"u8.ToArray(), new SubscribeOptions { Credit = 0, Overflow = policy }, new PendingBound(bound, 1 << 16))]);

    private string Log()
    {
        Write();
        return Received.Parse(_socket.TakeReceived()).Log;
    }
}
