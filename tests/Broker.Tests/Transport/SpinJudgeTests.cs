using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>When a polling thread spins before it sleeps; times are plain numbers here.</summary>
public class SpinJudgeTests
{
    private const long Limit = 100;
    private const long TooLong = 1000;
    private const long ShortestPause = 1000;
    private const long LongestPause = 4000;

    private readonly SpinJudge _judge = new(Limit, TooLong, ShortestPause, LongestPause);
    private long _now = 1_000_000;

    [Fact]
    public void The_first_wait_sleeps_at_once() => Assert.False(_judge.Begin(_now));

    [Fact]
    public void After_a_short_wait_the_next_one_spins_and_after_a_long_one_it_sleeps()
    {
        Assert.True(IsWorthAfterWaitOf(Limit));
        Assert.False(IsWorthAfterWaitOf(Limit + 1));
        Assert.True(IsWorthAfterWaitOf(1));
    }

    [Fact]
    public void It_spins_until_the_limit_and_not_longer()
    {
        IsWorthAfterWaitOf(1);

        Assert.True(_judge.MaySpinOn(_now, _now + Limit - 2, _now + Limit - 1));
        Assert.False(_judge.MaySpinOn(_now, _now + Limit - 1, _now + Limit));
    }

    [Fact]
    public void A_wait_is_measured_from_where_the_last_thread_began_to_wait()
    {
        _judge.Begin(_now);
        _judge.Begin(_now + 5000);
        _judge.End(_now + 5000 + Limit);

        Assert.True(_judge.Begin(_now + 6000));
    }

    [Fact]
    public void A_slow_poll_ends_spinning_for_a_pause()
    {
        IsWorthAfterWaitOf(1);
        PollSlowly();

        Assert.False(IsWorthAfterWaitOf(1));
        _now += ShortestPause;
        Assert.True(IsWorthAfterWaitOf(1));
    }

    [Fact]
    public void Each_further_slow_poll_doubles_the_pause_up_to_the_longest()
    {
        foreach (var pause in (long[])[1000, 2000, 4000, 4000])
        {
            PollSlowly();
            _now += pause - 2;
            Assert.False(IsWorthAfterWaitOf(1));
            _now += 1;
            Assert.True(IsWorthAfterWaitOf(1));
        }
    }

    [Fact]
    public void After_a_long_time_without_a_slow_poll_the_pause_is_short_again()
    {
        PollSlowly();
        _now += ShortestPause;
        PollSlowly();
        _now += 2 * ShortestPause * 8;
        PollSlowly();

        _now += ShortestPause;
        Assert.True(IsWorthAfterWaitOf(1));
    }

    [Fact]
    public void A_limit_of_zero_never_spins()
    {
        var never = new SpinJudge(0, TooLong, ShortestPause, LongestPause);
        never.Begin(_now);
        never.End(_now + 1);

        Assert.False(never.Begin(_now + 1));
    }

    private bool IsWorthAfterWaitOf(long ticks)
    {
        _judge.Begin(_now);
        _judge.End(_now + ticks);
        _now += 1;
        return _judge.Begin(_now);
    }

    private void PollSlowly()
    {
        var polled = _now;
        _now += TooLong + 1;
        Assert.False(_judge.MaySpinOn(polled, polled, _now));
    }
}
