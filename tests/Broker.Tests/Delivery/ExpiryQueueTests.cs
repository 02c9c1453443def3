using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Tests.Delivery;

/// <summary>The heap of deadlines against a plain list, with items that go before their deadline.</summary>
public class ExpiryQueueTests
{
    [Fact]
    public void It_finds_what_a_search_of_everything_finds()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var random = new Random(seed);
            var queue = new ExpiryQueue<Item>();
            var kept = new List<Item>();
            long now = 1;
            for (var step = 0; step < 500; step++)
            {
                switch (random.Next(3))
                {
                    case 0:
                        kept.Add(new Item(now + random.Next(100)));
                        queue.Add(kept[^1]);
                        break;
                    case 1 when kept.Count > 0:
                        Remove(kept[random.Next(kept.Count)]);
                        break;
                    default:
                        now += random.Next(10);
                        break;
                }

                while (queue.TryFindExpired(now, out var expired))
                {
                    Assert.Equal(kept.Min(item => item.Deadline), expired.Deadline);
                    Assert.Contains(expired, kept);
                    Remove(expired);
                }

                Assert.DoesNotContain(kept, item => item.Deadline <= now);
                Assert.Equal(kept.Count, queue.Count);
            }

            void Remove(Item item)
            {
                kept.Remove(item);
                item.IsGone = true;
                queue.CountGone();
            }
        }
    }

    [Fact]
    public void Items_that_go_before_their_deadline_do_not_pile_up()
    {
        var queue = new ExpiryQueue<Item>();
        for (var i = 0; i < 100_000; i++)
        {
            var item = new Item(1_000_000 + i);
            queue.Add(item);
            item.IsGone = true;
            queue.CountGone();
        }

        Assert.Equal(0, queue.Count);
        Assert.InRange(queue.Held, 0, 1000);
    }

    [Fact]
    public void Gone_items_are_swept_when_they_are_sixty_four_and_no_less_than_half()
    {
        var queue = new ExpiryQueue<Item>();
        var items = Enumerable.Range(0, 128).Select(i => new Item(1000 + i)).ToList();
        items.ForEach(queue.Add);
        foreach (var item in items.Take(63)) Leave(item);
        Assert.Equal((65, 128), (queue.Count, queue.Held));

        Leave(items[63]);
        Assert.Equal((64, 64), (queue.Count, queue.Held));

        void Leave(Item item)
        {
            item.IsGone = true;
            queue.CountGone();
        }
    }

    [Theory]
    [InlineData(200, 99, 200)]
    [InlineData(200, 100, 100)]
    [InlineData(10, 10, 10)]
    public void More_than_sixty_four_wait_for_half_and_half_of_few_is_not_swept(int items, int gone, int held)
    {
        var queue = new ExpiryQueue<Item>();
        var all = Enumerable.Range(0, items).Select(i => new Item(1000 + i)).ToList();
        all.ForEach(queue.Add);
        foreach (var item in all.Take(gone))
        {
            item.IsGone = true;
            queue.CountGone();
        }

        Assert.Equal((items - gone, held), (queue.Count, queue.Held));
    }

    private sealed class Item(long deadline) : IExpiring
    {
        public long Deadline => deadline;

        public bool IsGone { get; set; }
    }
}
