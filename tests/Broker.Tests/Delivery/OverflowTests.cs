using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Delivery;

/// <summary>
/// What each overflow policy keeps and drops, message by message: a subscriber without credit or room, a publisher, and the
/// order, the gaps and the receipt that come of it.
/// </summary>
public class OverflowTests
{
    private static readonly int Ten = Frames.Publish("s", "0123456789").Length;
    private readonly CoreBroker _broker = new(bound: new PendingBound(3 * Ten, 1 << 16));

    [Fact]
    public void Block_drops_nothing_and_holds_the_publisher_until_all_is_sent()
    {
        var (publisher, subscriber) = Start(OverflowPolicy.Block);

        Publish(publisher, 1, 2, 3, 4, 5);
        Assert.True(publisher.IsHeldBack);
        publisher.Send(Frames.Publish("s", Text(6)));
        Assert.False(publisher.HasReadAll);

        subscriber.Send(Frames.Credit(1, 4));
        Assert.True(publisher.IsHeldBack);
        subscriber.Send(Frames.Credit(1, 100));
        Assert.False(publisher.IsHeldBack);
        publisher.Resume();

        Assert.Equal(Log(1, 2, 3, 4, 5, 6), subscriber.Log());
        Assert.Equal(new Receipt(6, 6, 0), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void Block_without_progress_for_too_long_turns_to_drop_oldest_until_it_has_caught_up()
    {
        var (publisher, subscriber) = Start(OverflowPolicy.Block);
        Publish(publisher, 1, 2, 3, 4, 5);
        publisher.StallTimer();

        Assert.False(publisher.IsHeldBack);
        Publish(publisher, 6, 7);
        Assert.False(publisher.IsHeldBack);
        subscriber.Send(Frames.Credit(1, 3));
        Publish(publisher, 8);
        Assert.True(publisher.IsHeldBack);
        subscriber.Send(Frames.Credit(1, 100));

        Assert.Equal($"1:missed 4 {Log(5, 6, 7, 8)}", subscriber.Log());
        Assert.Equal(new Receipt(8, 8, 4), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void Block_is_not_stalled_as_long_as_it_is_granted_anything()
    {
        var (publisher, subscriber) = Start(OverflowPolicy.Block);
        Publish(publisher, 1, 2, 3, 4, 5);
        for (var i = 0; i < 4; i++)
        {
            subscriber.Send(Frames.Credit(1, 1));
            publisher.StallTimer();
            Assert.True(publisher.IsHeldBack);
        }

        subscriber.Send(Frames.Credit(1, 0));
        publisher.StallTimer();
        Assert.False(publisher.IsHeldBack);
    }

    [Fact]
    public void A_client_that_publishes_to_itself_does_not_wait_for_its_own_credit()
    {
        var broker = new CoreBroker();
        var client = broker.Connect();
        client.Send(Frames.Subscribe(1, "s", new SubscribeOptions { Credit = 1 }));
        Publish(client, 1, 2, 3, 4);
        client.Resume();
        client.Send(Frames.Credit(1, 100));

        Assert.Equal(Log(1, 2, 3, 4), client.Log());
    }

    [Fact]
    public void A_client_whose_own_credit_runs_out_while_it_waits_for_itself_goes_on()
    {
        var broker = new CoreBroker(highWatermark: 200, lowWatermark: 100);
        var client = broker.Connect();
        client.Send(Frames.Subscribe(1, "s", new SubscribeOptions { Credit = 6 }));
        client.Socket.Room = 0;
        for (var i = 1; i <= 8; i++) Publish(client, i);
        Assert.True(client.IsHeldBack);

        client.Socket.Room = long.MaxValue;
        client.Write();
        Assert.False(client.IsHeldBack);
        client.Resume();
        client.Send(Frames.Credit(1, 100));

        Assert.Equal(Log(1, 2, 3, 4, 5, 6, 7, 8), client.Log());
    }

    [Fact]
    public void A_client_that_floods_itself_drops_its_oldest_beyond_the_bound_and_still_holds_others()
    {
        var (publisher, subscriber) = Start(OverflowPolicy.Block);
        Publish(subscriber, 1, 2);
        Assert.False(subscriber.IsHeldBack);
        Publish(publisher, 3);
        Assert.True(publisher.IsHeldBack);
        Publish(subscriber, 4, 5);
        Assert.False(publisher.IsHeldBack);
        subscriber.Send(Frames.Credit(1, 100));

        Assert.Equal($"1:missed 2 {Log(3, 4, 5)}", subscriber.Log());
    }

    [Fact]
    public void Drop_oldest_keeps_the_newest_that_fit_behind_one_gap()
    {
        var (publisher, subscriber) = Start(OverflowPolicy.DropOldest);
        Publish(publisher, 1, 2, 3, 4, 5);
        publisher.Send(Frames.Publish("s", Text(6)), Frames.Publish("s", Text(7)));
        subscriber.Send(Frames.Credit(1, 100));

        Assert.Equal($"1:missed 4 {Log(5, 6, 7)}", subscriber.Log());
        Assert.Equal(new Receipt(7, 7, 4), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void Drop_oldest_reports_each_gap_where_it_is()
    {
        var (publisher, subscriber) = Start(OverflowPolicy.DropOldest);
        Publish(publisher, 1, 2, 3, 4);
        subscriber.Send(Frames.Credit(1, 1));
        Publish(publisher, 5, 6);
        subscriber.Send(Frames.Credit(1, 100));

        Assert.Equal($"1:missed 1 {Log(2)} 1:missed 1 {Log(4, 5, 6)}", subscriber.Log());
    }

    [Fact]
    public void Drop_oldest_keeps_a_newest_message_that_is_larger_than_the_bound()
    {
        var (publisher, subscriber) = Start(OverflowPolicy.DropOldest);
        Publish(publisher, 1, 2);
        publisher.Send(Frames.Publish("s", new string('x', 500)));
        subscriber.Send(Frames.Credit(1, 100));

        Assert.Equal($"1:missed 2 1:{new string('x', 500)}", subscriber.Log());
    }

    [Fact]
    public void Drop_newest_keeps_the_oldest_and_the_gap_is_before_the_next_message()
    {
        var (publisher, subscriber) = Start(OverflowPolicy.DropNewest);
        Publish(publisher, 1, 2, 3, 4, 5);
        Publish(publisher, 6);
        subscriber.Send(Frames.Credit(1, 3));
        Assert.Equal($"{Log(1, 2, 3)} 1:missed 3", subscriber.Log());

        Publish(publisher, 7);
        subscriber.Send(Frames.Credit(1, 100));
        Assert.Equal(Log(7), subscriber.Log());
        Assert.Equal(new Receipt(7, 7, 3), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void Drop_newest_reports_a_gap_with_nothing_after_it_without_credit()
    {
        var (publisher, subscriber) = Start(OverflowPolicy.DropNewest);
        publisher.Send(Frames.Publish("s", new string('x', 500)));

        Assert.Equal("1:missed 1", subscriber.Log());
        Assert.Equal(new Receipt(1, 1, 1), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void Disconnect_reports_what_is_missed_and_requests_the_end_once()
    {
        var (publisher, subscriber) = Start(OverflowPolicy.Disconnect);
        Publish(publisher, 1, 2, 3);
        Assert.Empty(subscriber.Endings);
        Publish(publisher, 4, 5);
        Publish(publisher, 6);

        Assert.Equal(CloseReason.SlowConsumer, Assert.Single(subscriber.Endings).Reason);
        subscriber.Outbox.Grant(subscriber.LastSubscription!, 100);
        Assert.Equal($"{Log(1, 2, 3)} 1:missed 2", subscriber.Log());
        Assert.Equal(new Receipt(6, 5, 2), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void Latest_keeps_the_newest_of_each_subject_in_the_order_in_which_they_were_published()
    {
        var (publisher, subscriber) = Start(OverflowPolicy.Latest, "*");
        foreach (var (subject, number) in new[] { ("a", 1), ("b", 2), ("a", 3), ("a", 4), ("c", 5), ("b", 6), ("b", 7) })
            publisher.Send(Frames.Publish(subject, Text(number)));
        subscriber.Send(Frames.Credit(1, 100));

        Assert.Equal($"1:missed 3 {Log(4, 5)} 1:missed 1 {Log(7)}", subscriber.Log());
        Assert.Equal(new Receipt(7, 7, 4), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void Latest_splits_a_run_of_many_subjects_and_a_run_of_one()
    {
        var (publisher, subscriber) = Start(OverflowPolicy.Latest, "*");
        publisher.Send(Frames.Join(new[] { ("a", 1), ("a", 2), ("b", 3), ("a", 4), ("a", 5) }.Select(m => Frames.Publish(m.Item1, Text(m.Item2)))));
        subscriber.Send(Frames.Credit(1, 1));
        publisher.Send(Frames.Join(new[] { ("a", 6), ("b", 7), ("b", 8) }.Select(m => Frames.Publish(m.Item1, Text(m.Item2)))));
        subscriber.Send(Frames.Credit(1, 100));

        Assert.Equal($"1:missed 2 {Log(3)} 1:missed 2 {Log(6)} 1:missed 1 {Log(8)}", subscriber.Log());
    }

    [Fact]
    public void Latest_drops_the_oldest_when_there_are_more_subjects_than_the_bound_allows()
    {
        var (publisher, subscriber) = Start(OverflowPolicy.Latest, "*");
        for (var i = 1; i <= 6; i++) publisher.Send(Frames.Publish($"{(char)('a' + i)}", Text(i)));
        publisher.Send(Frames.Publish("b", Text(7)));
        subscriber.Send(Frames.Credit(1, 100));

        Assert.Equal($"1:missed 4 {Log(5, 6, 7)}", subscriber.Log());
    }

    [Theory]
    [InlineData(OverflowPolicy.DropOldest, "1:missed 4 {5} {6}")]
    [InlineData(OverflowPolicy.DropNewest, "{1} {2} 1:missed 4")]
    [InlineData(OverflowPolicy.Disconnect, "{1} {2} 1:missed 1")]
    [InlineData(OverflowPolicy.Latest, "1:missed 5 {6}")]
    [InlineData(OverflowPolicy.Block, "{1} {2} {3} {4} {5} {6}")]
    public void The_bound_in_messages_acts_as_that_in_bytes(OverflowPolicy policy, string expected)
    {
        var broker = new CoreBroker(bound: new PendingBound(1 << 20, 2));
        var (publisher, subscriber) = Start(policy, broker: broker);
        for (var i = 1; i <= 6; i++) publisher.Send(Frames.Publish("s", Text(i)));
        for (var i = 0; i < 6; i++)
        {
            subscriber.Send(Frames.Credit(1, 1));
            publisher.Resume();
        }

        for (var i = 1; i <= 6; i++) expected = expected.Replace($"{{{i}}}", Log(i), StringComparison.Ordinal);
        Assert.Equal(expected, subscriber.Log());
    }

    [Fact]
    public void The_client_may_lower_the_bound_and_not_raise_it()
    {
        var (publisher, subscriber) = Start(OverflowPolicy.DropNewest, pending: (ulong)Ten);
        Publish(publisher, 1, 2);
        subscriber.Send(Frames.Unsubscribe(1), Frames.Subscribe(1, "s", new SubscribeOptions { Overflow = OverflowPolicy.DropNewest, Credit = 0, PendingBytes = ulong.MaxValue }));
        Publish(publisher, 1, 2, 3, 4);
        subscriber.Send(Frames.Credit(1, 100));

        Assert.Equal($"1:missed 2 {Log(1, 2, 3)} 1:missed 1", subscriber.Log());
    }

    private static string Text(int number) => $"message-{number:00}"[..10];

    private static string Log(params int[] numbers) => string.Join(' ', numbers.Select(n => $"1:{Text(n)}"));

    private static void Publish(CoreConnection publisher, params int[] numbers) =>
        publisher.Send(Frames.Join(numbers.Select(n => Frames.Publish("s", Text(n)))));

    private (CoreConnection Publisher, CoreConnection Subscriber) Start(OverflowPolicy policy, string pattern = "s", ulong? pending = null, CoreBroker? broker = null)
    {
        broker ??= _broker;
        var (publisher, subscriber) = (broker.Connect(), broker.Connect());
        subscriber.Send(Frames.Subscribe(1, pattern, new SubscribeOptions { Overflow = policy, Credit = 0, PendingBytes = pending }));
        return (publisher, subscriber);
    }
}
