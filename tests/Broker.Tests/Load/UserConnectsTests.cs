using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Tests.Core;

namespace UdsBroker.Broker.Tests.Load;

/// <summary>How often each user may connect within a second, whatever others do, and whether or not it is still connected.</summary>
public sealed class UserConnectsTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void A_user_who_has_connected_as_often_as_it_may_waits_for_its_next_second_and_no_other_does()
    {
        var users = New(3);

        Assert.Equal([true, true, true, false, false], Enumerable.Range(0, 5).Select(_ => users.TryArrive(7)));
        Assert.True(users.TryArrive(8));
        Assert.True(users.TryArrive(null));
        _clock.Advance(999);
        Assert.False(users.TryArrive(7));
        _clock.Advance(1);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => users.TryArrive(7)));
    }

    [Fact]
    public void Reconnecting_begins_no_new_second_and_a_reload_applies_at_once()
    {
        var users = New(2);
        for (var i = 0; i < 2; i++)
        {
            Assert.True(users.TryArrive(7));
            users.Return(users.TryConnect(7)!);
        }

        Assert.False(users.TryArrive(7));
        users.Limits = users.Limits with { MaxConnectsPerSecond = 3 };
        Assert.True(users.TryArrive(7));
        Assert.False(users.TryArrive(7));
        users.Limits = users.Limits with { MaxConnectsPerSecond = int.MaxValue };
        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(users.TryArrive(7)));
    }

    [Fact]
    public void Users_beyond_the_bound_share_one_count_and_make_room_when_their_second_is_over()
    {
        var connects = new UserConnects(_clock);
        for (uint uid = 0; uid < UserRates.MaxUsers; uid++) Assert.True(connects.TryTake(uid, 1));

        Assert.True(connects.TryTake(100_000, 1));
        Assert.False(connects.TryTake(100_001, 1));
        Assert.False(connects.TryTake(0, 1));
        Assert.InRange(connects.Count, UserRates.MaxUsers, UserRates.MaxUsers + 1);

        _clock.Advance(1000);
        Assert.True(connects.TryTake(100_001, 1));
        Assert.Equal(1, connects.Count);
    }

    private UserShares New(int rate) =>
        new(new UserLimits(10, 10, 1000, 0) { MaxConnectsPerSecond = rate }, new MemoryMeter(null, long.MaxValue), _clock);
}
