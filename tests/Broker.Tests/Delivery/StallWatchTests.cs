using System.Diagnostics;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Streams;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Delivery;

/// <summary>When a blocking subscription counts as stalled, and that a pause of the broker itself does not count.</summary>
public sealed class StallWatchTests
{
    private static readonly TimeSpan Interval = new StallWatch(CoreConnection.StallTimeout).Interval;

    private readonly CoreConnection _subscriber;
    private readonly CoreConnection _publisher;

    public StallWatchTests()
    {
        var broker = new CoreBroker();
        (_subscriber, _publisher) = (broker.Connect(), broker.Connect());
        _subscriber.Send(Frames.Subscribe(1, "s", new SubscribeOptions { Overflow = OverflowPolicy.Block, Credit = 0 }));
        _publisher.Send(Frames.Join([Frames.Publish("s", "one"), Frames.Publish("s", "two"), Frames.Publish("s", "three")]));
        Assert.True(_publisher.IsHeldBack);
    }

    [Fact]
    public void The_checks_add_up_to_the_timeout_and_the_last_one_ends_the_wait()
    {
        Check(StallWatch.Checks - 1, Interval);
        Assert.True(_publisher.IsHeldBack);

        Check(1, Interval);
        Assert.False(_publisher.IsHeldBack);
        Assert.Equal(CoreConnection.StallTimeout, Interval * StallWatch.Checks);
    }

    [Fact]
    public void Any_progress_gives_the_whole_timeout_again()
    {
        Check(StallWatch.Checks - 1, Interval);
        _subscriber.Send(Frames.Credit(1, 1));

        Check(StallWatch.Checks, Interval);
        Assert.True(_publisher.IsHeldBack);
        Check(1, Interval);
        Assert.False(_publisher.IsHeldBack);
    }

    [Fact]
    public void A_late_check_does_not_count_and_restarts_the_timeout()
    {
        Check(StallWatch.Checks - 1, Interval);
        Check(1, CoreConnection.StallTimeout);

        Check(StallWatch.Checks - 1, Interval);
        Assert.True(_publisher.IsHeldBack);
        Check(1, Interval);
        Assert.False(_publisher.IsHeldBack);
    }

    [Fact]
    public void A_pause_that_is_too_short_to_be_noticed_is_one_check_and_not_the_timeout()
    {
        Check(1, Interval * 2);

        Check(StallWatch.Checks - 2, Interval);
        Assert.True(_publisher.IsHeldBack);
    }

    [Fact]
    public void Ticks_that_catch_up_after_a_pause_are_not_checks()
    {
        var watch = new StallWatch(CoreConnection.StallTimeout);
        watch.Begin(_publisher.Router.Holding);
        var pace = default(TickPace);
        pace.Begin(0);

        Tick(0.5, 1, 1.5); // three of four checks, then the broker is stopped for a minute
        Tick([61.5, .. Enumerable.Range(1, 119).Select(missed => 61.5 + (missed / 1e6))]);
        Tick(62, 62.5, 63);
        Assert.True(_publisher.IsHeldBack);
        Tick(63.5);
        Assert.False(_publisher.IsHeldBack);

        void Tick(params double[] seconds)
        {
            foreach (var second in seconds)
            {
                if (pace.IsTick((long)(second * Stopwatch.Frequency), watch.Interval, out var elapsed)) watch.Check(_publisher.Router.Holding, elapsed);
            }
        }
    }

    [Fact]
    public void A_short_timeout_elapses_although_timers_are_late()
    {
        var watch = new StallWatch(TimeSpan.FromMilliseconds(20));
        watch.Begin(_publisher.Router.Holding);

        for (var check = 0; check < StallWatch.Checks; check++) watch.Check(_publisher.Router.Holding, TimeSpan.FromMilliseconds(25));

        Assert.False(_publisher.IsHeldBack);
    }

    private void Check(int times, TimeSpan elapsed)
    {
        for (var i = 0; i < times; i++) _publisher.CheckForStall(elapsed);
    }
}
