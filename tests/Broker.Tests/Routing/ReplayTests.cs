using System.Text;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>
/// What is retained on its way to subscriptions that begin: within which bounds it waits, what its policy drops, that nothing is lost
/// silently, and that a client that asks for much of it does not keep the router from serving others.
/// </summary>
public sealed class ReplayTests
{
    private static readonly SubscribeOptions NoCredit = new() { Credit = 0 };

    private readonly CoreBroker _broker = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Beyond_the_bound_of_its_user_or_the_budget_the_oldest_are_missed_also_by_a_subscription_that_blocks(bool isUser)
    {
        var roomForThree = Backlog.OwnBytes + (3 * LengthOfOne);
        var broker = new CoreBroker(users: new UserLimits(100, 100, isUser ? roomForThree : 1L << 40, 0));
        if (!isUser) broker.Memory.Bound = roomForThree;
        var (publisher, subscriber) = (broker.Connect(uid: 1), broker.Connect(uid: 2));
        Retain(publisher, "abcdefg");
        subscriber.Send(Frames.Subscribe(1, ">", NoCredit), Frames.Subscribe(2, ">", NoCredit));
        Assert.Equal(roomForThree, broker.Memory.Bytes);
        Assert.Equal("2:missed 7", subscriber.Log());

        subscriber.Send(Frames.Credit(1, 10));
        Assert.Equal("1:missed 4 1:retained e 1:retained f 1:retained g", subscriber.Log());
        Assert.Equal(0, broker.Memory.Bytes);
        Assert.Equal((11, isUser ? 2 : 0), (broker.Traffic.DroppedFor(DropReason.Overflow), broker.Traffic.HitsOf(Limit.UsersMaxPending)));
    }

    [Theory]
    [InlineData(OverflowPolicy.Block, "1:retained a 1:retained b 1:retained c 1:retained d 1:live")]
    [InlineData(OverflowPolicy.DropOldest, "1:missed 3 1:retained d 1:live")]
    [InlineData(OverflowPolicy.Latest, "1:missed 3 1:retained d 1:live")]
    [InlineData(OverflowPolicy.DropNewest, "1:retained a 1:retained b 1:missed 3")]
    public void Beyond_the_bound_of_the_subscription_its_policy_acts_before_and_after_live_messages(OverflowPolicy policy, string expected)
    {
        var broker = new CoreBroker(bound: new PendingBound(1 << 20, 2));
        var (publisher, subscriber) = (broker.Connect(), broker.Connect());
        Retain(publisher, "abcd");
        subscriber.Send(Frames.Subscribe(1, ">", new SubscribeOptions { Credit = 0, Overflow = policy }));
        publisher.Send(Frames.Publish("z", "live"));
        subscriber.Send(Frames.Credit(1, 10));
        Assert.Equal(expected, subscriber.Log());
        Assert.Equal(0, broker.Memory.Bytes);
    }

    [Fact]
    public void A_subscription_that_disconnects_beyond_its_bound_does_so()
    {
        var broker = new CoreBroker(bound: new PendingBound(1 << 20, 2));
        var (publisher, subscriber) = (broker.Connect(), broker.Connect());
        Retain(publisher, "abc");
        subscriber.Send(Frames.Subscribe(1, ">", new SubscribeOptions { Credit = 0, Overflow = OverflowPolicy.Disconnect }));
        Assert.Equal(CloseReason.SlowConsumer, Assert.Single(subscriber.Endings).Reason);
    }

    [Fact]
    public void A_value_replaced_while_it_waited_comes_before_the_newer_one_and_is_missed_under_the_policy_latest()
    {
        var (publisher, all, latest) = (_broker.Connect(), _broker.Connect(), _broker.Connect());
        Retain(publisher, "ab");
        all.Send(Frames.Subscribe(1, ">", NoCredit));
        latest.Send(Frames.Subscribe(1, ">", new SubscribeOptions { Credit = 0, Overflow = OverflowPolicy.Latest }));
        publisher.Send(Frames.Join(Frames.Retained("a", "newer"), Frames.Retained("b", "")));
        all.Send(Frames.Credit(1, 10));
        latest.Send(Frames.Credit(1, 10));
        Assert.Equal("1:retained a 1:retained b 1:newer 1:", all.Log());
        Assert.Equal("1:missed 2 1:newer 1:", latest.Log());
    }

    [Fact]
    public void A_value_that_expires_while_it_waits_is_a_gap_at_its_place_and_makes_room_first()
    {
        var broker = new CoreBroker(bound: new PendingBound(1 << 20, 4));
        var (publisher, subscriber) = (broker.Connect(), broker.Connect());
        publisher.Send(Frames.Retained("a", "a"), Expiring("b"), Frames.Retained("c", "c"), Expiring("d"));
        subscriber.Send(Frames.Subscribe(1, ">", new SubscribeOptions { Credit = 0, Overflow = OverflowPolicy.DropNewest }));
        broker.Clock.Advance(50);
        publisher.Send(Frames.Publish("z", "live"), Frames.Publish("z", "live, too"), Frames.Publish("z", "one too many"));
        subscriber.Send(Frames.Credit(1, 10));
        Assert.Equal("1:retained a 1:missed 1 (1 expired) 1:retained c 1:missed 1 (1 expired) 1:live 1:live, too 1:missed 1", subscriber.Log());
    }

    [Fact]
    public void The_end_of_a_subscription_or_its_connection_counts_what_waited_and_frees_it()
    {
        var (publisher, one, other) = (_broker.Connect(), _broker.Connect(), _broker.Connect());
        publisher.Send(Frames.Retained("a", "a"), Expiring("b"), Frames.Retained("c", "c"));
        one.Send(Frames.Subscribe(1, ">", NoCredit), Frames.Subscribe(2, ">", NoCredit), Frames.Drain(2));
        other.Send(Frames.Subscribe(1, ">", NoCredit));
        _broker.Kept.Retained.Clear();
        Assert.Equal(3, _broker.Pool.Leased);

        _broker.Clock.Advance(50);
        one.Send(Frames.Unsubscribe(1), Frames.Credit(2, 1), Frames.Credit(2, 1));
        other.Close();
        Assert.Equal("1:missed 3 2:retained a 2:missed 1 (1 expired) 2:retained c 2:end", one.Log());
        Assert.Equal((0L, 0L), (_broker.Pool.Leased, _broker.Memory.Bytes));
    }

    [Fact]
    public void A_maximum_counts_those_that_wait_and_the_end_comes_after_them()
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        Retain(publisher, "abc");
        subscriber.Send(Frames.Join(Frames.Subscribe(1, ">", NoCredit), Frames.Unsubscribe(1, 2)));
        publisher.Send(Frames.Publish("z", "live"));
        var count = _broker.Table.Current.Count;
        subscriber.Send(Frames.Credit(1, 10));
        subscriber.HandleEnded();
        Assert.Equal("1:retained a 1:retained b", subscriber.Log());
        Assert.Equal(count - 1, _broker.Table.Current.Count);
    }

    [Fact]
    public void A_value_that_fits_no_packet_is_missed()
    {
        var broker = new CoreBroker(maxPacket: 600);
        var (publisher, subscriber) = (broker.Connect(), broker.Connect());
        publisher.Send(Frames.Retained("a", "a"), Frames.Retained("b", new string('x', 590)), Frames.Retained("c", "c"));
        subscriber.Send(Frames.Subscribe(1, ">"));
        Assert.Equal("1:retained a 1:missed 1 1:retained c", subscriber.Log());
        Assert.Equal(1, broker.Traffic.DroppedFor(DropReason.TooLarge));
    }

    [Fact]
    public void A_client_that_asks_repeatedly_for_everything_leaves_others_their_turns_and_gets_each_value_once()
    {
        var broker = new CoreBroker(retained: new RetainedBounds(10_000, 1 << 20), highWatermark: 1 << 22);
        var (publisher, greedy, other) = (broker.Connect(), broker.Connect(), broker.Connect());
        for (var i = 0; i < SubscriptionChanges.MaxPerTurn; i++) publisher.Send(Frames.Retained($"s.{i}", $"{i}"));
        var changes = Enumerable.Range(1, 3).Select(sid => new RoutingChange(New(broker, greedy, (uint)sid, "s.*"), Begins: true)).ToArray();

        Assert.Equal(1, broker.Changes.Apply(changes));
        other.Send(Frames.Subscribe(7, "s.new"));
        publisher.Send(Frames.Retained("s.new", "new"), Frames.Retained("s.0", "newer"));
        Assert.Equal("7:new", other.Log());
        Assert.Equal(2, broker.Changes.Apply(changes, 1));
        Assert.Equal(3, broker.Changes.Apply(changes, 2));

        var deliveries = Received.Parse(greedy.Socket.TakeReceived()).Deliveries;
        string[] Of(uint sid) => [.. deliveries.Where(delivery => delivery.Sid == sid).Select(delivery => delivery.ToString()[2..])];
        string[] before = [.. Enumerable.Range(0, SubscriptionChanges.MaxPerTurn).Select(i => $"retained {i}")];
        Assert.Equal([.. before, "new", "newer"], Of(1));
        Assert.Equal([.. before[1..], "retained new", "retained newer"], Of(2));
        Assert.Equal(Of(2), Of(3));
    }

    [Fact]
    public void A_connection_that_ends_between_the_turns_of_its_batch_leaves_nothing_behind()
    {
        var broker = new CoreBroker(retained: new RetainedBounds(10_000, 1 << 20));
        var (publisher, greedy) = (broker.Connect(), broker.Connect());
        for (var i = 0; i < SubscriptionChanges.MaxPerTurn; i++) publisher.Send(Frames.Retained($"s.{i}", $"{i}"));
        var count = broker.Table.Current.Count;
        var subscriptions = ((string[])["s.*", "s.>", "$SYS.interest.s.1"]).Select((pattern, i) => New(broker, greedy, (uint)i + 1, pattern)).ToArray();
        RoutingChange[] begin = [.. subscriptions.Select(subscription => new RoutingChange(subscription, Begins: true))];

        Assert.Equal(1, broker.Changes.Apply(begin));
        broker.Apply([.. subscriptions.Select(subscription => new RoutingChange(subscription, Begins: false))]);
        broker.Apply([.. begin[1..]]);
        Assert.Equal(count, broker.Table.Current.Count);

        // The interest that was never told of is not counted off that of another.
        var watcher = broker.Connect();
        watcher.Send(Frames.Subscribe(1, "$SYS.interest.s.1"));
        watcher.Log();
        broker.Apply([new RoutingChange(New(broker, watcher, 2, "s.1"), Begins: true)]);
        Assert.Single(Received.Parse(watcher.Socket.TakeReceived()).Deliveries, delivery => !delivery.IsRetained);
    }

    private static long LengthOfOne => Frames.Retained("a", "a").Length;

    private static void Retain(CoreConnection publisher, string values)
    {
        foreach (var value in values) publisher.Send(Frames.Retained($"{value}", $"{value}"));
    }

    private static byte[] Expiring(string value) => Frames.Publish(value, value, (KnownHeaders.Retain, "1"), (KnownHeaders.Expires, "50"));

    private static Subscription New(CoreBroker broker, CoreConnection connection, uint sid, string pattern) =>
        new(connection.Outbox, sid, Encoding.UTF8.GetBytes(pattern), SubscribeOptions.None, broker.Bound);
}
