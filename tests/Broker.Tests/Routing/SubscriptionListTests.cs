using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Tests.Core;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>The subscriptions to one pattern, which a user may make as many of as it may make at all.</summary>
public sealed class SubscriptionListTests
{
    private readonly Subscriptions _subscriptions = new();

    [Theory]
    [InlineData(5)] // mostly come
    [InlineData(4)] // come and go
    [InlineData(3)] // mostly go, from where pieces meet as well
    public void Whatever_comes_and_goes_they_are_there_in_the_order_in_which_they_came_and_earlier_lists_do_not_change(int comingOfEight)
    {
        var random = new Random(comingOfEight);
        var live = Enumerable.Range(0, 3 * SubscriptionList.LargestPiece).Select(_ => _subscriptions.To("a")).ToList();
        var list = live.Aggregate(default(SubscriptionList), (grown, subscription) => grown.With(subscription));
        var (old, then) = (list, live.ToArray());
        for (var step = 0; step < 4000; step++)
        {
            if (live.Count == 0 || random.Next(8) < comingOfEight)
            {
                live.Add(_subscriptions.To("a"));
                list = list.With(live[^1]);
            }
            else
            {
                var gone = live[random.Next(live.Count)];
                live.Remove(gone);
                list = list.Without(gone);
                Assert.True(list.IsSame(list.Without(gone)));
            }

            Assert.Equal(live.Count == 0, list.IsEmpty);
            Assert.InRange(list.Pieces, live.Count == 0 ? 0 : 1, 1 + (live.Count / (SubscriptionList.LargestPiece / 4)));
            if (step % 50 != 0) continue;
            Assert.Equal(live, All(list));
            Assert.Equal(live.Count == 1 ? live[0] : null, list.Only);
        }

        Assert.Equal(live, All(list));
        Assert.Equal(then, All(old));
        foreach (var subscription in live) list = list.Without(subscription);
        Assert.True(list.IsEmpty);
    }

    [Fact]
    public void One_of_a_hundred_thousand_to_a_pattern_comes_and_goes_without_a_copy_of_all()
    {
        var snapshot = RoutingSnapshot.Empty(7);
        var all = Enumerable.Range(0, 100_000).Select(_ => _subscriptions.To("a.b")).ToArray();
        foreach (var subscription in all) snapshot = snapshot.With(subscription);

        var one = _subscriptions.To("a.b");
        Assert.InRange(Allocation.Least(5, _ => snapshot.With(one)), 0, 16_384);
        Assert.InRange(Allocation.Least(5, number => snapshot.Without(all[number * 20_000])), 0, 16_384);
        Assert.Equal(all.Length, snapshot.CountMatches("a.b"u8));
    }

    private static List<Subscription> All(SubscriptionList list)
    {
        var all = new List<Subscription>();
        list.AddTo(all);
        return all;
    }
}
