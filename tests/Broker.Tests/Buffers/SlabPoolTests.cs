using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Tests.Buffers;

/// <summary>Slabs: sizes, reuse, references, and the count of those in use.</summary>
public class SlabPoolTests
{
    [Theory]
    [InlineData(1, 64)]
    [InlineData(64, 64)]
    [InlineData(65, 128)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 8192)]
    [InlineData(65536, 65536)]
    [InlineData(65537, 65537)]
    [InlineData(1_000_000, 1_000_000)]
    public void A_slab_is_the_next_power_of_two_and_a_large_one_exactly_what_was_asked_for(int asked, int given)
    {
        var slab = new SlabPool(65536).Rent(asked);

        Assert.Equal(given, slab.Bytes.Length);
        Assert.True(slab.IsUnshared);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(4096)]
    [InlineData(65536)]
    public void A_returned_slab_is_rented_again(int size)
    {
        var pool = new SlabPool(65536);
        var slab = pool.Rent(size);
        slab.Release();

        Assert.Same(slab, pool.Rent(size));
        Assert.NotSame(slab, pool.Rent(size));
    }

    [Fact]
    public void The_slab_that_was_returned_last_is_rented_first()
    {
        var pool = new SlabPool(4096);
        var (first, last) = (pool.Rent(4096), pool.Rent(4096));
        first.Release();
        last.Release();

        Assert.Same(last, pool.Rent(4096));
        Assert.Same(first, pool.Rent(4096));
    }

    [Fact]
    public void A_slab_is_returned_with_its_last_reference_and_not_before()
    {
        var pool = new SlabPool(4096);
        var slab = pool.Rent(4096);
        slab.Retain();
        Assert.False(slab.IsUnshared);

        slab.Release();
        Assert.True(slab.IsUnshared);
        Assert.Equal(1, pool.Leased);

        slab.Release();
        Assert.Equal(0, pool.Leased);
    }

    [Fact]
    public void One_release_too_many_throws()
    {
        var slab = new SlabPool(4096).Rent(4096);
        slab.Release();

        Assert.Throws<InvalidOperationException>(slab.Release);
    }

    [Theory]
    [InlineData(1L << 40, 80L << 20)]
    [InlineData(512L << 20, 80L << 20)]
    [InlineData(32L << 20, (32L << 20) / 5)]
    public void What_is_kept_for_reuse_is_a_small_part_of_a_small_budget(long budget, long most)
    {
        var pool = new SlabPool(128 << 10, SlabPool.IdleBytesFor(budget));
        long kept = 0;
        for (var bytes = 64; bytes <= SlabPool.LargestWhole; bytes *= 2)
        {
            var before = Enumerable.Range(0, (bytes < 4096 ? 2 << 20 : 10 << 20) / bytes).Select(_ => pool.RentWhole(bytes)).ToArray();
            foreach (var slab in before) slab.Release();
            var again = Enumerable.Range(0, before.Length).Select(_ => pool.RentWhole(bytes));
            kept += again.Intersect(before).Sum(slab => (long)slab.Bytes.Length);
        }

        Assert.InRange(kept, most / 2, most);
    }

    [Fact]
    public void A_burst_does_not_stay_resident()
    {
        var pool = new SlabPool(4096, idleBytes: 4 * 4096);
        var burst = Enumerable.Range(0, 10).Select(_ => pool.Rent(4096)).ToArray();
        foreach (var slab in burst) slab.Release();

        var again = Enumerable.Range(0, 10).Select(_ => pool.Rent(4096)).ToArray();

        Assert.Equal(burst.Take(4).Reverse(), again.Take(4));
        Assert.Empty(burst.Intersect(again.Skip(4)));
        Assert.Equal(10, pool.Leased);
    }
}
