using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Load;

/// <summary>What a user takes and returns: never more than the limit and never below zero, even from many threads.</summary>
public sealed class UserShareTests
{
    private readonly MemoryMeter _broker = new(null, long.MaxValue);

    [Fact]
    public void A_user_has_one_share_from_the_first_connection_to_the_end_of_the_last()
    {
        var users = new UserShares(new UserLimits(2, 10, 100, 0), _broker, new FakeClock());

        var first = users.TryConnect(7)!;
        Assert.Same(first, users.TryConnect(7));
        Assert.Null(users.TryConnect(7));
        Assert.NotSame(first, users.TryConnect(null));
        Assert.Equal(2, users.Count);

        users.Return(first);
        Assert.Same(first, users.TryConnect(7));
        users.Return(first);
        users.Return(first);
        Assert.NotSame(first, users.TryConnect(7));
    }

    [Fact]
    public void Many_threads_never_take_more_than_there_is_and_return_all_of_it()
    {
        var share = new UserShare(7, new UserLimits(10, 5, 100, 0), _broker);
        var most = 0;

        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                if (!share.TryTakeSubscription()) continue;
                InterlockedMax(ref most, share.Subscriptions);
                share.ReturnSubscription();
            }
        });

        Assert.InRange(most, 1, 5);
        Assert.Equal(0, share.Subscriptions);
    }

    [Fact]
    public void A_peer_that_the_kernel_cannot_name_shares_with_no_user_that_it_can()
    {
        var users = new UserShares(new UserLimits(10, 10, 100, 0), _broker, new FakeClock());

        var unknown = users.TryConnect(null)!;
        Assert.Same(unknown, users.TryConnect(null));
        Assert.All(new uint[] { 0, 1, 2, 65534, uint.MaxValue }, uid => Assert.NotSame(unknown, users.TryConnect(uid)));
    }

    [Fact]
    public void Subscriptions_below_SYS_have_a_bound_of_their_own_over_all_connections_and_what_is_refused_or_ends_is_given_back()
    {
        var broker = new CoreBroker(users: new UserLimits(10, 100, 1 << 20, 0) { MaxSystemSubscriptions = 2, MaxWildcardShapes = 1 });
        var (one, other) = (broker.Connect(uid: 7), broker.Connect(uid: 7));
        one.Send(Frames.Subscribe(1, "$SYS.stats"), Frames.Subscribe(2, "*.a"), Frames.Subscribe(3, "$SYS.*.x"));
        Assert.Equal((2, 1), (one.Share.User.Subscriptions, one.Share.User.SystemSubscriptions)); // the third has another set of wildcards
        other.Send(Frames.Subscribe(1, "$SYS.client.>"), Frames.Subscribe(2, "$SYS.interest.a"), Frames.Subscribe(3, "a"));
        var refused = Assert.Single(Received.Parse(other.Socket.TakeReceived()).Errors);
        Assert.Equal(ErrorCode.TooManySubscriptions, refused.Code);
        Assert.Equal(
            "the connections of this user have 2 subscriptions below $SYS. together; at most 2 are allowed (udsbroker.users.max-system-subscriptions)", refused.Message);

        one.Send(Frames.Unsubscribe(1));
        other.Send(Frames.Subscribe(2, "$SYS.interest.a"));
        Assert.Equal((4, 2), (one.Share.User.Subscriptions, one.Share.User.SystemSubscriptions));
        other.Close();
        Assert.Equal((1, 0), (one.Share.User.Subscriptions, one.Share.User.SystemSubscriptions));
    }

    [Fact]
    public void Patterns_with_wildcards_in_the_same_places_are_one_shape_until_the_last_of_them_is_gone()
    {
        var share = new UserShare(7, new UserLimits(10, 100, 100, 0) { MaxWildcardShapes = 2 }, _broker);

        Assert.True(share.TryTakeShape(WildcardShape.Of("*.a"u8)));
        Assert.True(share.TryTakeShape(WildcardShape.Of("*.b.c.>"u8)));
        Assert.True(share.TryTakeShape(WildcardShape.Of("a.*"u8)));
        Assert.False(share.TryTakeShape(WildcardShape.Of("*.*"u8)));
        Assert.True(share.TryTakeShape(WildcardShape.Of("a.b.>"u8)));
        Assert.True(share.TryTakeShape(WildcardShape.Of("*.z"u8)));
        Assert.Equal(2, share.WildcardShapes);

        share.ReturnShape(WildcardShape.Of("*.b.c.>"u8));
        Assert.False(share.TryTakeShape(WildcardShape.Of("*.*"u8)));
        share.ReturnShape(WildcardShape.Of("*.a"u8));
        Assert.False(share.TryTakeShape(WildcardShape.Of("*.*"u8)));
        share.ReturnShape(WildcardShape.Of("*.z"u8));
        Assert.True(share.TryTakeShape(WildcardShape.Of("*.*"u8)));
    }

    [Theory]
    [InlineData("a.b.>", 0, 0)]
    [InlineData("*", 1, 0)]
    [InlineData("a.*.b.*.>", 0b1010, 0)]
    public void The_shape_of_a_pattern_is_the_places_of_its_wildcards(string pattern, int first, int second) =>
        Assert.Equal(new WildcardShape((UInt128)first, (UInt128)second), WildcardShape.Of(System.Text.Encoding.UTF8.GetBytes(pattern)));

    [Fact]
    public void The_shape_of_the_longest_pattern_knows_its_last_token() =>
        Assert.Equal(new WildcardShape(0, UInt128.One << 127), WildcardShape.Of(System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a.", 255)) + "*")));

    [Fact]
    public void Returning_what_was_not_taken_is_a_fault()
    {
        var share = new UserShare(7, new UserLimits(10, 5, 100, 0), _broker);

        Assert.Throws<InvalidOperationException>(share.ReturnSubscription);
        Assert.Throws<InvalidOperationException>(() => share.Memory.Add(-1));
    }

    [Fact]
    public void A_meter_also_charges_its_parents_and_reports_when_the_bound_is_exceeded()
    {
        var told = 0;
        var broker = new MemoryMeter(null, 100, () => told++);
        var (one, other) = (new MemoryMeter(broker, 1000), new MemoryMeter(broker, 1000));

        one.Add(60);
        other.Add(40);
        Assert.Equal((0, false), (told, broker.IsExceeded));
        one.Add(1);
        Assert.Equal((1, true), (told, broker.IsExceeded));
        one.Add(-61);
        other.Add(-40);
        Assert.Equal((1, 0, 0, 0), (told, broker.Bytes, one.Bytes, other.Bytes));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); seen < value;)
        {
            var before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}
