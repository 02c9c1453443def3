using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>What one user may have in the stores: nobody can take the room of the others, and each is told whose bound it was.</summary>
public sealed class UserKeptTests
{
    private const uint Greedy = 1001;
    private const uint Modest = 1002;

    private readonly CoreBroker _broker = new(
        retained: new RetainedBounds(new KeptBound(4, 10_000), new KeptBound(3, 10_000)),
        delayed: new DelayBounds(new KeptBound(4, 10_000), new KeptBound(3, 10_000), 100_000));

    [Fact]
    public void A_user_who_has_as_much_retained_as_one_may_is_told_so_and_leaves_room_for_others()
    {
        var (greedy, again, modest) = (_broker.Connect(uid: Greedy), _broker.Connect(uid: Greedy), _broker.Connect(uid: Modest));
        greedy.Send(Frames.Retained("a", "1"), Frames.Retained("b", "2"));
        again.Send(Frames.Retained("c", "3"), Frames.Retained("d", "4"));

        var error = Assert.Single(Received.Parse(again.Socket.TakeReceived()).Errors);
        var length = Frames.Retained("d", "4").Length;
        Assert.Equal((ErrorCode.RetainedFull, "d"), (error.Code, error.Context!["subject"]));
        Assert.Equal(
            $"uid 1001 has 3 messages of {3 * length} bytes retained, and this one has {length} bytes; at most 3 messages or 10000 bytes are allowed to one user. "
            + "The message was routed; publish empty ones to clear subjects, or raise udsbroker.users.max-retained-messages and max-retained",
            error.Message);
        modest.Send(Frames.Retained("d", "5"));
        Assert.Empty(Received.Parse(modest.Socket.TakeReceived()).Errors);
        Assert.Equal((1, 1), (_broker.Kept.Retained.KeptFor(Modest).Messages, (int)_broker.Kept.Retained.RefusedFor(KeptRoom.UserFull)));
    }

    [Fact]
    public void When_all_users_together_have_as_much_as_they_may_that_is_what_is_said()
    {
        var (greedy, modest) = (_broker.Connect(uid: Greedy), _broker.Connect(uid: Modest));
        greedy.Send(Frames.Retained("a", "1"), Frames.Retained("b", "2"), Frames.Retained("c", "3"));
        modest.Send(Frames.Retained("d", "4"), Frames.Retained("e", "5"), Delayed("d"), Delayed("e"), Delayed("f"));
        greedy.Send(Delayed("g"), Delayed("h"));

        var (toModest, toGreedy) = (Received.Parse(modest.Socket.TakeReceived()).Errors, Received.Parse(greedy.Socket.TakeReceived()).Errors);
        Assert.Contains("for all users; at most 4 of 10000 bytes", Assert.Single(toModest).Message, StringComparison.Ordinal);
        Assert.Contains("in the broker for all users; at most 4 of 10000 bytes", Assert.Single(toGreedy).Message, StringComparison.Ordinal);
        Assert.Equal((1L, 1L), (_broker.Kept.Retained.RefusedFor(KeptRoom.BrokerFull), _broker.Kept.Delayed.RefusedFor(KeptRoom.BrokerFull)));
    }

    [Fact]
    public void A_subject_that_another_user_takes_over_is_charged_to_that_user()
    {
        var (greedy, modest) = (_broker.Connect(uid: Greedy), _broker.Connect(uid: Modest));
        greedy.Send(Frames.Retained("a", "1"), Frames.Retained("b", "2"), Frames.Retained("c", "3"));
        modest.Send(Frames.Retained("a", "a longer one"));
        var retained = _broker.Kept.Retained;
        Assert.Equal((2, (1, (long)Frames.Retained("a", "a longer one").Length)), (retained.KeptFor(Greedy).Messages, retained.KeptFor(Modest)));

        greedy.Send(Frames.Retained("d", "4"));
        Assert.Empty(Received.Parse(greedy.Socket.TakeReceived()).Errors);
        greedy.Send(Frames.Retained("a", "")); // and anybody who may publish there can clear it
        Assert.Equal((3, 0), (retained.KeptFor(Greedy).Messages, retained.KeptFor(Modest).Messages));
        Assert.Equal(1, retained.Users);
    }

    [Fact]
    public void What_a_user_has_retained_stays_charged_when_the_user_leaves_and_comes_back()
    {
        var first = _broker.Connect(uid: Greedy);
        first.Send(Frames.Retained("a", "1"), Frames.Retained("b", "2"), Frames.Retained("c", "3"));
        first.Close();
        var second = _broker.Connect(uid: Greedy);
        second.Send(Frames.Retained("d", "4"));
        Assert.Equal(ErrorCode.RetainedFull, Assert.Single(Received.Parse(second.Socket.TakeReceived()).Errors).Code);
    }

    [Fact]
    public void A_user_who_has_as_much_delayed_as_one_may_is_told_so_until_some_of_it_is_routed()
    {
        var (greedy, modest) = (_broker.Connect(uid: Greedy), _broker.Connect(uid: Modest));
        greedy.Send(Delayed("a"), Delayed("b"), Delayed("c"), Delayed("d"));
        modest.Send(Delayed("e"));

        var error = Assert.Single(Received.Parse(greedy.Socket.TakeReceived()).Errors);
        var length = Delayed("d").Length;
        Assert.Equal((ErrorCode.DelayedFull, "d"), (error.Code, error.Context!["subject"]));
        Assert.Equal(
            $"3 delayed messages of {3 * length} bytes wait for uid 1001, and this one has {length} bytes; at most 3 messages or 10000 bytes are allowed to one user. "
            + "The message was not routed; wait, or raise udsbroker.users.max-delayed-messages and max-delayed",
            error.Message);
        Assert.Empty(Received.Parse(modest.Socket.TakeReceived()).Errors);
        _broker.Advance(100);
        greedy.Send(Delayed("d"));
        Assert.Empty(Received.Parse(greedy.Socket.TakeReceived()).Errors);
        Assert.Equal((1, 1), (_broker.Kept.Delayed.WaitingFor(Greedy).Messages, _broker.Kept.Delayed.Users));
    }

    [Fact]
    public void A_bound_of_bytes_alone_says_no_number_of_messages_and_one_of_messages_no_bytes()
    {
        Assert.Equal("100 bytes", KeptBound.OfUser(0, 100).ToString());
        Assert.Equal("7 messages", KeptBound.OfUser(7, 0).ToString());
        Assert.Equal("7 messages or 100 bytes", KeptBound.OfUser(7, 100).ToString());
        Assert.Equal(KeptBound.None, KeptBound.OfUser(0, 0));
    }

    [Fact]
    public void Lowered_bounds_keep_what_is_stored_and_admit_nothing_new()
    {
        var greedy = _broker.Connect(uid: Greedy);
        greedy.Send(Frames.Retained("a", "1"), Frames.Retained("b", "2"), Delayed("c"), Delayed("d"));
        _broker.Kept.Retained.Bounds = new RetainedBounds(new KeptBound(4, 10_000), new KeptBound(1, 10_000));
        _broker.Kept.Delayed.Bounds = new DelayBounds(new KeptBound(4, 10_000), new KeptBound(1, 10_000), 100_000);
        greedy.Send(Frames.Retained("e", "3"), Delayed("f"));
        Assert.Equal([ErrorCode.RetainedFull, ErrorCode.DelayedFull], Received.Parse(greedy.Socket.TakeReceived()).Errors.Select(error => error.Code));
        Assert.Equal((2, 2), (_broker.Kept.Retained.KeptFor(Greedy).Messages, _broker.Kept.Delayed.WaitingFor(Greedy).Messages));
    }

    [Fact]
    public void Returning_what_was_not_charged_is_a_fault()
    {
        var shares = new KeptShares();
        Assert.Equal(KeptRoom.Taken, shares.TryTake(7, 10, KeptBound.None, KeptBound.None));
        Assert.Throws<InvalidOperationException>(() => shares.Return(8, 10));
        Assert.Throws<InvalidOperationException>(() => shares.Return(7, 11));
        shares.Return(7, 10);
        Assert.Equal((0, 0L, 0), (shares.Messages, shares.Bytes, shares.Users));
    }

    [Fact]
    public void Messages_that_are_returned_one_by_one_are_discharged_one_by_one()
    {
        var shares = new KeptShares();
        foreach (var length in (int[])[10, 20, 30]) Assert.Equal(KeptRoom.Taken, shares.TryTake(7, length, KeptBound.None, KeptBound.None));
        shares.Return(7, 20);
        Assert.Equal((2, 40L), shares.Of(7));
        shares.Return(7, 10);
        Assert.Equal((1, 30L), shares.Of(7));
        shares.Return(7, 30);
        Assert.Equal((0, 0L), shares.Of(7));
    }

    private static byte[] Delayed(string subject) => Frames.Publish(subject, "x", (KnownHeaders.Delay, "100"));
}
