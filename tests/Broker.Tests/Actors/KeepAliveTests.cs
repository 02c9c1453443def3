using UdsBroker.Broker.Actors;
using UdsBroker.Broker.Settings;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>When a silent peer is probed, and when it is closed.</summary>
public sealed class KeepAliveTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly KeepAlive _keepAlive = new(new KeepAliveSettings(Interval, 2));

    [Fact]
    public void A_peer_that_stays_silent_is_probed_as_often_as_allowed_and_then_closed()
    {
        Assert.Equal(KeepAliveStep.Nothing, _keepAlive.Tick(1, false, Interval));
        Assert.Equal(KeepAliveStep.SendPing, _keepAlive.Tick(1, false, Interval));
        Assert.Equal(KeepAliveStep.SendPing, _keepAlive.Tick(1, false, Interval));
        Assert.Equal(KeepAliveStep.Close, _keepAlive.Tick(1, false, Interval));
    }

    [Fact]
    public void Any_sign_of_life_starts_the_count_over()
    {
        _keepAlive.Tick(1, false, Interval);
        _keepAlive.Tick(1, false, Interval);
        _keepAlive.Tick(1, false, Interval);

        Assert.Equal(KeepAliveStep.Nothing, _keepAlive.Tick(2, false, Interval));
        Assert.Equal(KeepAliveStep.SendPing, _keepAlive.Tick(2, false, Interval));
        Assert.Equal(1, _keepAlive.Unanswered);
    }

    [Fact]
    public void A_peer_that_is_not_read_does_not_count_as_silent_and_gets_pings_for_ever()
    {
        for (var i = 0; i < 10; i++) Assert.Equal(KeepAliveStep.SendPing, _keepAlive.Tick(0, true, Interval));

        Assert.Equal(0, _keepAlive.Unanswered);
    }

    [Fact]
    public void A_broker_that_was_itself_suspended_closes_nobody_for_it() => Assert.Equal(KeepAliveStep.Nothing, _keepAlive.Tick(0, false, (Interval * 2) + TimeSpan.FromMilliseconds(1)));
}
