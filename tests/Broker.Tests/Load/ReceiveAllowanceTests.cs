using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Tests.Load;

/// <summary>The rate limit of reading: a second's worth at once, then the configured rate, however many threads take.</summary>
public sealed class ReceiveAllowanceTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    [Fact]
    public void No_rate_is_no_allowance() => Assert.Null(ReceiveAllowance.Of(0));

    [Fact]
    public void A_seconds_worth_is_free_after_quiet_and_the_rest_is_waited_for()
    {
        var allowance = ReceiveAllowance.Of(1000)!;

        Assert.Equal(TimeSpan.Zero, allowance.Take(1000, 5 * Second));
        Assert.Equal(TimeSpan.FromMilliseconds(500), allowance.Take(500, 5 * Second));
        Assert.Equal(TimeSpan.FromMilliseconds(100), allowance.Take(100, (5 * Second) + (Second / 2)));
        Assert.Equal(TimeSpan.Zero, allowance.Take(1000, 60 * Second));
    }

    [Theory]
    [InlineData(1_000, 1)]
    [InlineData(1_000, 700)]
    [InlineData(1 << 20, 65_536)]
    [InlineData(3, 7)]
    public void A_reader_that_waits_as_told_reads_at_the_rate(long rate, int piece)
    {
        var allowance = ReceiveAllowance.Of(rate)!;
        long now = 10 * Second, read = 0;
        while (now < 110 * Second)
        {
            read += piece;
            now += allowance.Take(piece, now).Ticks + 1;
        }

        Assert.InRange(read, rate * 99, (rate * 101) + piece + rate);
    }

    [Fact]
    public void Threads_that_take_at_once_share_the_rate()
    {
        var allowance = ReceiveAllowance.Of(1_000_000)!;

        var waits = new TimeSpan[8];
        Parallel.For(0, waits.Length, thread =>
        {
            for (var i = 0; i < 10_000; i++) waits[thread] = allowance.Take(100, 100 * Second);
        });

        // Eight megabytes at one a second, the first of them free.
        Assert.Equal(TimeSpan.FromSeconds(7), waits.Max());
    }

    [Fact]
    public void Threads_that_try_to_take_at_once_get_no_more_than_the_rate()
    {
        var allowance = ReceiveAllowance.Of(1_000_000)!;

        var taken = 0;
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                if (allowance.TryTake(100, 100 * Second)) Interlocked.Increment(ref taken);
            }
        });

        // A second's worth of it, and one that is owed.
        Assert.Equal(10_001, taken);
    }

    [Fact]
    public void More_may_be_taken_at_the_tick_that_pays_the_debt_and_a_second_later_the_allowance_is_whole()
    {
        var allowance = ReceiveAllowance.Of(1000)!;
        allowance.Take(2000, 10 * Second);

        Assert.False(allowance.TryTake(1000, (11 * Second) - 1));
        Assert.True(allowance.TryTake(1000, 11 * Second));
        Assert.False(allowance.IsFullAt((13 * Second) - 1));
        Assert.True(allowance.IsFullAt(13 * Second));
    }

    [Theory]
    [InlineData(8000, 1000)]
    [InlineData(7, 1)]
    [InlineData(long.MaxValue, int.MaxValue)]
    public void An_eighth_of_a_second_is_taken_at_once_and_at_least_a_byte(long rate, int max) => Assert.Equal(max, ReceiveAllowance.Of(rate)!.MaxAtOnce);
}
