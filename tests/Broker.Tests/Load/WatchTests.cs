using System.Diagnostics;
using UdsBroker.Broker.Actors;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Streams;

namespace UdsBroker.Broker.Tests.Load;

/// <summary>Unfinished frames and idle connections, judged by what arrived between the checks.</summary>
public sealed class WatchTests
{
    private readonly InboundBuffer _buffer = new(new SlabPool(4096));

    [Fact]
    public void A_frame_that_arrives_too_slowly_is_detected_at_the_fourth_check()
    {
        var watch = Begin();

        for (var check = 1; check < FrameWatch.Checks; check++)
        {
            Arrive(1);
            Assert.Equal(FrameWatch.Verdict.Watching, watch.Check(isWaiting: true));
        }

        Assert.Equal(FrameWatch.Verdict.TooSlow, watch.Check(isWaiting: true));
    }

    [Fact]
    public void A_large_frame_may_take_as_long_as_enough_of_it_comes()
    {
        var watch = Begin();

        for (var check = 0; check < 100; check++)
        {
            Arrive(1100);
            Assert.Equal(FrameWatch.Verdict.Watching, watch.Check(isWaiting: true));
        }
    }

    [Fact]
    public void A_frame_that_ended_is_another_frame()
    {
        var watch = Begin();

        for (var check = 0; check < 100; check++)
        {
            _buffer.Consume(1);
            Arrive(1);
            Assert.Equal(FrameWatch.Verdict.Watching, watch.Check(isWaiting: true));
        }

        _buffer.Consume(_buffer.UnreadLength);
        Assert.Equal(FrameWatch.Verdict.Over, watch.Check(isWaiting: true));
        Assert.True(watch.TryBegin());
    }

    [Fact]
    public void A_connection_that_is_not_read_is_not_judged()
    {
        var watch = Begin();

        for (var check = 0; check < 3; check++) watch.Check(isWaiting: true);
        Assert.Equal(FrameWatch.Verdict.Over, watch.Check(isWaiting: false));
    }

    [Fact]
    public void A_connection_is_idle_after_four_checks_without_traffic()
    {
        var watch = new IdleWatch();

        Assert.False(watch.Check(7, isHeldBack: false));
        Assert.All(Enumerable.Range(0, 3), _ => Assert.False(watch.Check(7, isHeldBack: false)));
        Assert.True(watch.Check(7, isHeldBack: false));
        Assert.False(watch.Check(8, isHeldBack: false));
    }

    [Fact]
    public void A_connection_that_is_held_back_is_not_idle_and_has_all_of_its_time_when_it_is_read_again()
    {
        var watch = new IdleWatch();

        Assert.All(Enumerable.Range(0, 20), _ => Assert.False(watch.Check(0, isHeldBack: true)));
        Assert.All(Enumerable.Range(0, 3), _ => Assert.False(watch.Check(0, isHeldBack: false)));
        Assert.True(watch.Check(0, isHeldBack: false));
    }

    [Fact]
    public void Ticks_that_make_up_for_those_that_a_stopped_broker_missed_do_not_count()
    {
        var interval = TimeSpan.FromSeconds(1);
        var pace = default(TickPace);
        pace.Begin(At(10));

        Assert.True(pace.IsTick(At(11), interval, out var elapsed));
        Assert.Equal(interval, elapsed);
        Assert.True(pace.IsTick(At(20), interval, out elapsed));
        Assert.Equal(TimeSpan.FromSeconds(9), elapsed);
        Assert.All(Enumerable.Range(1, 8), number => Assert.False(pace.IsTick(At(20) + number, interval, out _)));
        Assert.False(pace.IsTick(At(20.3), interval, out _));
        Assert.True(pace.IsTick(At(21.3), interval, out elapsed));
        Assert.Equal(1.3, elapsed.TotalSeconds, 3);

        static long At(double seconds) => (long)(seconds * Stopwatch.Frequency);
    }

    private FrameWatch Begin()
    {
        Arrive(10);
        var watch = new FrameWatch(_buffer, 4096);
        Assert.True(watch.TryBegin());
        Assert.False(watch.TryBegin());
        return watch;
    }

    private void Arrive(int bytes)
    {
        while (bytes > 0)
        {
            var part = Math.Min(bytes, _buffer.FreeSpace().Length);
            _buffer.Filled(part);
            bytes -= part;
        }
    }
}
