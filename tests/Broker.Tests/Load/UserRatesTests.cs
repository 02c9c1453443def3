using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Tests.Core;

namespace UdsBroker.Broker.Tests.Load;

/// <summary>One allowance for each user, for connections and datagrams, which reconnecting does not renew.</summary>
public sealed class UserRatesTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    private readonly FakeClock _clock = new();

    [Fact]
    public void A_user_who_reconnects_still_has_its_debt()
    {
        var users = New(1000);
        var first = users.TryConnect(7)!;
        var now = Now();
        Assert.Equal(TimeSpan.FromSeconds(9), first.Receiving!.Take(10_000, now));
        users.Return(first);
        Assert.Equal(0, users.Count);

        var second = users.TryConnect(7)!;
        Assert.NotSame(first, second);
        Assert.Equal(TimeSpan.FromSeconds(9.5), second.Receiving!.Take(500, now));
        Assert.Equal(TimeSpan.Zero, users.TryConnect(8)!.Receiving!.Take(500, now));
    }

    [Fact]
    public void Datagrams_are_paid_from_the_same_allowance()
    {
        var users = New(1000);
        var now = Now();
        Assert.True(users.ReceivingOf(7)!.TryTake(2000, now));
        Assert.False(users.ReceivingOf(7)!.TryTake(1, now));
        Assert.True(users.ReceivingOf(null)!.TryTake(1, now));
        Assert.Equal(TimeSpan.FromSeconds(1.1), users.TryConnect(7)!.Receiving!.Take(100, now));
    }

    [Fact]
    public void A_caller_that_cannot_wait_gets_the_rate_and_is_charged_for_nothing_else()
    {
        var allowance = ReceiveAllowance.Of(10_000)!;
        long taken = 0, now = 100 * Second;
        for (; now < 200 * Second; now += Second / 1000)
        {
            if (allowance.TryTake(700, now)) taken += 700;
        }

        Assert.InRange(taken, 1_000_000, 1_000_000 + 10_000 + 700);
        Assert.False(allowance.IsFullAt(now));
        Assert.True(allowance.IsFullAt(now + (2 * Second)));
    }

    [Fact]
    public void Without_a_rate_nobody_has_an_allowance()
    {
        var users = New(0);
        Assert.Null(users.TryConnect(7)!.Receiving);
        Assert.Null(users.ReceivingOf(8));
    }

    [Fact]
    public void Changed_limits_apply_at_once_to_connected_users()
    {
        var users = New(0);
        var share = users.TryConnect(7)!;
        share.Memory.Add(500);
        Assert.False(share.Memory.IsExceeded);

        users.Limits = new UserLimits(1, 0, 400, 1000);

        Assert.Null(users.TryConnect(7));
        Assert.False(share.TryTakeSubscription());
        Assert.True(share.Memory.IsExceeded);
        Assert.Equal(1000, share.Receiving!.BytesPerSecond);
        users.Limits = new UserLimits(2, 1, 600, 0);
        Assert.Same(share, users.TryConnect(7));
        Assert.True(share.TryTakeSubscription());
        Assert.Equal((false, null), (share.Memory.IsExceeded, share.Receiving));
    }

    [Fact]
    public void Users_beyond_the_bound_share_one_allowance_until_others_are_whole_again()
    {
        var rates = new UserRates(1000, _clock);
        _clock.Advance(10_000);
        for (var uid = 1u; uid <= UserRates.MaxUsers; uid++) rates.Of(uid)!.Take(1500, Now());
        var late = rates.Of(1_000_000);
        Assert.Same(late, rates.Of(1_000_001));
        Assert.Equal(UserRates.MaxUsers, rates.Count);

        _clock.Advance(2_000);
        Assert.NotSame(rates.Of(1_000_000), rates.Of(1_000_001));
        Assert.Equal(2, rates.Count);
    }

    private long Now() => _clock.Milliseconds * TimeSpan.TicksPerMillisecond;

    private UserShares New(long rate)
    {
        _clock.Advance(10_000);
        return new UserShares(new UserLimits(10, 10, 1000, rate), new MemoryMeter(null, long.MaxValue), _clock);
    }
}
