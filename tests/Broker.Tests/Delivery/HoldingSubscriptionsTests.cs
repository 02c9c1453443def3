using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Broker.Tests.Routing;

namespace UdsBroker.Broker.Tests.Delivery;

/// <summary>What a publisher remembers of those that it waits for, while it waits and afterwards.</summary>
public sealed class HoldingSubscriptionsTests
{
    private const int Many = 10_000;

    private readonly Subscriptions _subscriptions = new();
    private readonly HoldingSubscriptions _holding = new();

    [Fact]
    public void Each_is_remembered_once_in_the_order_in_which_it_was_met()
    {
        var (one, other) = (_subscriptions.To("a"), _subscriptions.To("b"));
        foreach (var met in new[] { other, one, other, one }) _holding.Add(met);
        Assert.Equal([other, one], _holding);
        _holding.Clear();
        Assert.Empty(_holding);
    }

    [Fact]
    public void The_room_for_a_few_is_kept_for_the_next_wait_and_the_room_for_many_is_given_back()
    {
        var all = Enumerable.Range(0, Many).Select(_ => _subscriptions.To("a")).ToArray();
        var watch = new StallWatch(TimeSpan.FromSeconds(2));

        Assert.InRange(Allocation.Least(5, _ => Wait(watch, all.AsSpan(0, 100))), 0, 64); // an enumerator
        Assert.InRange(Allocation.Least(5, _ => Wait(watch, all)), Many * (8 + 24 + 16), long.MaxValue); // a list, a set, and what was seen of each
    }

    private void Wait(StallWatch watch, ReadOnlySpan<Subscription> subscriptions)
    {
        foreach (var subscription in subscriptions) _holding.Add(subscription);
        watch.Begin(_holding);
        _holding.Clear();
        watch.End();
    }
}
