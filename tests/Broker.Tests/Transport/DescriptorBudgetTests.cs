using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>The slots for connections: how many there are, that none is given twice, that all come back.</summary>
public class DescriptorBudgetTests
{
    [Theory]
    [InlineData(1024, 60, 0, 900)]
    [InlineData(1024, 60, 100, 100)]
    [InlineData(1024, 60, 5000, 900)]
    [InlineData(256, 60, 0, 132)]
    [InlineData(256, 250, 0, 0)]
    public void The_limit_less_what_is_open_less_the_reserve_is_for_connections(int limit, int open, int max, int capacity) =>
        Assert.Equal(capacity, DescriptorBudget.Size(limit, open, max));

    [Fact]
    public void A_limit_that_the_runtime_could_reach_by_itself_is_refused_with_both_numbers()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => DescriptorBudget.CheckLimit(255));

        Assert.Contains("255", failure.Message, StringComparison.Ordinal);
        Assert.Contains("256", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ulimit -n", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void This_process_has_room()
    {
        Assert.InRange(DescriptorBudget.OfThisProcess(0).Capacity, 1, int.MaxValue);
        Assert.Equal(3, DescriptorBudget.OfThisProcess(3).Capacity);
    }

    [Fact]
    public void Threads_that_race_for_slots_get_each_once()
    {
        var budget = new DescriptorBudget(1000);
        var taken = 0;

        Parallel.For(0, 5000, _ =>
        {
            if (budget.TryAcquire())
                Interlocked.Increment(ref taken);
        });

        Assert.Equal((1000, 1000), (taken, budget.Used));
        Assert.False(budget.TryAcquire());
        Parallel.For(0, 1000, _ => budget.Release());
        Assert.Equal(0, budget.Used);
        Assert.True(budget.TryAcquire());
    }

    [Fact]
    public void A_slot_that_is_returned_twice_throws() =>
        Assert.Throws<InvalidOperationException>(() => new DescriptorBudget(1).Release());
}
