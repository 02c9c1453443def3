using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Tests.Load;

/// <summary>Which connections are shed when too much is held: the heaviest of the heaviest user, and no more than needed.</summary>
public sealed class SheddingTests
{
    private readonly MemoryMeter _broker = new(null, 1000);
    private readonly Dictionary<string, ConnectionShare> _connections = [];

    [Fact]
    public void No_connection_is_shed_within_the_budget()
    {
        Hold("a", uid: 1, 400);
        Hold("b", uid: 1, 600);

        Assert.Empty(Choose());
    }

    [Fact]
    public void The_heaviest_is_shed_first_and_only_as_many_as_needed()
    {
        Hold("light", uid: 1, 100);
        Hold("heavy", uid: 1, 900);
        Hold("heavier", uid: 1, 1000);

        Assert.Equal(["heavier"], Choose());
        Assert.True(_connections["heavier"].IsShed);
        Assert.False(_connections["heavy"].IsShed);
    }

    [Fact]
    public void A_user_with_many_connections_pays_before_another_with_a_single_heavier_one()
    {
        Hold("modest", uid: 2, 500);
        for (var i = 0; i < 10; i++) Hold($"crowd {i}", uid: 1, 100 + i);

        Assert.Equal(["crowd 9", "crowd 8", "crowd 7", "crowd 6", "crowd 5", "crowd 4"], Choose());
    }

    [Fact]
    public void The_bytes_of_shed_connections_are_not_counted_again()
    {
        Hold("leaving", uid: 1, 900);
        Hold("other", uid: 1, 800);
        Assert.Equal(["leaving"], Choose());

        Assert.Empty(Choose());
    }

    [Fact]
    public void All_are_shed_when_each_alone_is_too_heavy()
    {
        Hold("a", uid: 1, 2000);
        Hold("b", uid: 2, 3000);

        Assert.Equal(["b", "a"], Choose());
        Assert.Empty(Choose());
    }

    [Fact]
    public void Shed_connections_have_until_the_second_check_and_then_only_as_many_stay_as_the_budget_has_room_for()
    {
        Hold("light", uid: 1, 300);
        Hold("heavy", uid: 1, 800);
        Hold("heaviest", uid: 2, 1500);
        Assert.Equal(["heaviest", "heavy"], Choose());

        Assert.Empty(ChooseOverdue());
        Hold("other", uid: 3, 100);
        Assert.Equal(["heaviest", "heavy"], ChooseOverdue());
        _connections.Remove("heaviest", out var gone);
        gone!.Memory.Add(-1500);
        _connections["light"].Memory.Add(-200);
        Assert.Empty(ChooseOverdue());
    }

    [Fact]
    public void Of_overdue_connections_only_as_many_are_chosen_as_needed()
    {
        Hold("heaviest", uid: 1, 900);
        Hold("heavy", uid: 1, 800);
        Hold("other", uid: 2, 700);
        Assert.Equal(["heaviest", "heavy"], Choose());
        Assert.Empty(ChooseOverdue());

        _connections["other"].Memory.Add(-600);
        Assert.Equal(["heaviest"], ChooseOverdue());
    }

    [Fact]
    public void No_connection_is_shed_for_bytes_that_are_held_for_none()
    {
        Hold("idle", uid: 1, 0);
        _broker.Add(5000);
        Assert.Empty(Choose());

        Hold("a", uid: 1, 300);
        Assert.Equal(["a"], Choose());
    }

    private void Hold(string name, uint uid, long bytes)
    {
        var user = _connections.Values.FirstOrDefault(share => share.User.Uid == uid)?.User ?? new UserShare(uid, new UserLimits(100, 100, 1 << 20, 0), _broker);
        var share = new ConnectionShare(user);
        share.Memory.Add(bytes);
        _connections.Add(name, share);
    }

    private List<string> Choose() => [.. Shedding.Choose(_connections, _broker.Bytes, _broker.Bound).Select(load => load.Connection)];

    private List<string> ChooseOverdue() => [.. Shedding.ChooseOverdue(_connections, _broker.Bytes, _broker.Bound).Select(load => load.Connection)];
}
