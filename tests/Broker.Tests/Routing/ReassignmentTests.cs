using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>What waits for a member of a queue group that ends goes to the others, once and whole, and what nobody takes is accounted.</summary>
public class ReassignmentTests
{
    private readonly CoreBroker _broker = new(highWatermark: 2000, lowWatermark: 500);

    [Fact]
    public void Messages_that_wait_for_a_member_that_unsubscribes_go_to_another_and_none_is_lost_or_doubled()
    {
        var (publisher, stays, leaves) = Start();
        publisher.Send(Run(0, 10));
        leaves.Send(Frames.Unsubscribe(1), Frames.Ping(1));
        stays.Send(Frames.Credit(1, 100));

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"1:{i}"), Log(stays).Order());
        var told = Received.Parse(leaves.Socket.TakeReceived());
        Assert.Equal([FrameKind.Pong], told.Kinds);
        Assert.Equal(new Receipt(10, 10, 0), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void Messages_that_wait_for_a_member_whose_connection_ends_go_to_another()
    {
        var (publisher, stays, leaves) = Start();
        publisher.Send(Run(0, 10));
        leaves.Close();
        stays.Send(Frames.Credit(1, 100));

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"1:{i}"), Log(stays).Order());
        Assert.Equal(new Receipt(10, 10, 0), publisher.Account.TakeReceipt());
        publisher.Close();
        stays.Close();
        Assert.Equal(0, _broker.Pool.Leased);
    }

    [Fact]
    public void A_member_that_ends_in_the_middle_of_a_send_leaves_its_backlog_all_the_same()
    {
        var publisher = _broker.Connect();
        var (leaves, stays) = (Member(SubscribeOptions.None), Member(new SubscribeOptions { Credit = 0 }));
        leaves.Socket.Room = 0;
        _broker.Connect().Send(Frames.Publish($"_INBOX.{leaves.Id}.x", new string('x', 3000)));
        publisher.Send(Run(0, 10));
        Assert.True(leaves.BeginWrite());
        leaves.Close();
        stays.Send(Frames.Credit(1, 100));

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"1:{i}"), Log(stays).Order());
    }

    [Fact]
    public void Without_another_member_they_are_dropped_reported_and_accounted()
    {
        var publisher = _broker.Connect();
        var last = Member(new SubscribeOptions { Credit = 2 });
        publisher.Send(Run(0, 10));
        last.Send(Frames.Unsubscribe(1));

        Assert.Equal("1:0 1:1 1:missed 8", last.Log());
        Assert.Equal(new Receipt(10, 10, 8), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void The_gaps_of_the_member_that_left_stay_its_own()
    {
        var publisher = _broker.Connect();
        var leaves = Member(new SubscribeOptions { Credit = 0, Overflow = OverflowPolicy.DropOldest, PendingBytes = 100 });
        publisher.Send(Run(0, 20));
        var stays = Member(SubscribeOptions.None);
        leaves.Send(Frames.Unsubscribe(1));

        var kept = Log(stays);
        Assert.InRange(kept.Length, 2, 10);
        Assert.Equal($"1:missed {20 - kept.Length}", leaves.Log());
        Assert.Equal(new Receipt(20, 20, (ulong)(20 - kept.Length)), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void Only_members_that_match_the_subject_take_a_message()
    {
        var publisher = _broker.Connect();
        var leaves = _broker.Connect();
        leaves.Send(Frames.Subscribe(1, "work.*", new SubscribeOptions { Queue = "q", Credit = 0 }));
        publisher.Send(Frames.Join(Frames.Publish("work.a", "1"), Frames.Publish("work.b", "2"), Frames.Publish("work.a", "3"), Frames.Publish("work.c", "4")));
        var (a, b, other) = (_broker.Connect(), _broker.Connect(), _broker.Connect());
        a.Send(Frames.Subscribe(7, "work.a", new SubscribeOptions { Queue = "q" }));
        b.Send(Frames.Subscribe(8, "work.b", new SubscribeOptions { Queue = "q" }));
        other.Send(Frames.Subscribe(9, "work.>", new SubscribeOptions { Queue = "another" }), Frames.Subscribe(10, "work.>"));
        leaves.Close();

        Assert.Equal("7:1 7:3", a.Log());
        Assert.Equal("8:2", b.Log());
        Assert.Empty(other.Log());
        Assert.Equal(new Receipt(4, 4, 1), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void Nothing_is_dropped_because_the_next_member_gets_beyond_its_bound_and_publishers_wait()
    {
        var broker = new CoreBroker(bound: new PendingBound(1 << 20, 5));
        var publisher = broker.Connect();
        CoreConnection[] members = [broker.Connect(), broker.Connect(), broker.Connect()];
        foreach (var member in members) member.Send(Frames.Subscribe(1, "work", new SubscribeOptions { Queue = "q", Credit = 0 }));
        publisher.Send(Run(0, 12));
        members[0].Close();
        members[1].Close();
        Assert.True(publisher.IsHeldBack);
        members[2].Send(Frames.Credit(1, 100));

        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"1:{i}").Order(), Log(members[2]).Order());
    }

    [Fact]
    public void A_reassigned_request_belongs_to_the_member_that_has_it_now()
    {
        var (asker, stays, leaves) = Start();
        asker.Send(Frames.Join(Enumerable.Range(1, 4).Select(i => Frames.Publish("work", [(byte)i], $"_INBOX.{asker.Id}.{i}"))));
        leaves.Close();
        Assert.Empty(Errors(asker));
        stays.Send(Frames.Publish($"_INBOX.{asker.Id}.2", "answer"));
        stays.Close();

        Assert.Equal(["15 1", "15 3", "15 4"], Errors(asker).Order());
    }

    [Fact]
    public void The_asker_of_a_request_that_nobody_takes_over_is_told_though_the_connection_lives()
    {
        var asker = _broker.Connect();
        var (member, plain) = (Member(new SubscribeOptions { Credit = 0 }), _broker.Connect());
        plain.Send(Frames.Subscribe(1, "other", new SubscribeOptions { Credit = 0 }));
        asker.Send(Frames.Join(Frames.Publish("work", [1], $"_INBOX.{asker.Id}.1"), Frames.Publish("other", [1], $"_INBOX.{asker.Id}.2")));
        member.Send(Frames.Unsubscribe(1));
        Assert.Equal(["15 1"], Errors(asker));
        plain.Send(Frames.Unsubscribe(1));
        Assert.Equal(["15 2"], Errors(asker));
        Assert.Equal("1:missed 1", plain.Log());
    }

    [Fact]
    public void A_request_that_is_reassigned_after_it_was_answered_counts_for_no_later_one()
    {
        var (asker, answers) = (_broker.Connect(), _broker.Connect());
        var waits = Member(new SubscribeOptions { Credit = 0, Overflow = OverflowPolicy.DropOldest });
        waits.Send(Frames.Subscribe(2, "other"));
        answers.Send(Frames.Subscribe(1, "work", new SubscribeOptions { Queue = "another" }));
        asker.Send(Ask(asker, "work", "same"));
        answers.Send(Frames.Publish($"_INBOX.{asker.Id}.same", "answer"));
        asker.Send(Ask(asker, "other", "same"));
        var takes = Member(SubscribeOptions.None);
        waits.Send(Frames.Unsubscribe(1));
        CoreConnection[] later = [Plain("all"), Plain("all")];
        asker.Send(Ask(asker, "all", "later"));
        takes.Close();
        later[0].Close();

        Assert.Empty(Errors(asker));
        later[1].Close();
        Assert.Equal(["15 later"], Errors(asker));
    }

    [Fact]
    public void A_request_with_the_reply_subject_of_a_reassigned_one_stays_where_it_is()
    {
        var (asker, other) = (_broker.Connect(), Plain("all"));
        var waits = Member(new SubscribeOptions { Credit = 0, Overflow = OverflowPolicy.DropOldest });
        waits.Send(Frames.Subscribe(2, "all"));
        asker.Send(Ask(asker, "work", "same"), Ask(asker, "all", "same"));
        Member(SubscribeOptions.None);
        waits.Send(Frames.Unsubscribe(1));
        other.Close();

        Assert.Empty(Errors(asker));
        waits.Close();
        Assert.Equal(["15 same"], Errors(asker));
    }

    [Fact]
    public void The_asker_is_told_also_when_the_member_that_took_its_request_over_ends_before_the_other_has_given_it_up()
    {
        var (asker, leaves, other) = (_broker.Connect(), Member(new SubscribeOptions { Credit = 0 }), Plain("work"));
        asker.Send(Ask(asker, "work", "1"));
        other.Close();
        var owner = new FakeOwner();
        var takes = new Outbox(_broker.OutboxLimits, _broker.Pool, _broker.Clock, new FakeSocket(), owner, _broker.Traffic);
        takes.Welcome();
        var member = new Subscription(takes, 1, "work"u8.ToArray(), new SubscribeOptions { Queue = "q" }, _broker.Bound);
        takes.UnsubscribeAfter(member, 1);
        owner.WhenEnded = () =>
        {
            takes.Close();
            GoneResponders.TellAskers(takes, _broker.Table);
        };
        _broker.Apply([new RoutingChange(member, Begins: true)]);

        leaves.Close();

        Assert.Equal([member], owner.Ended);
        Assert.Equal(["15 1"], Errors(asker));
    }

    private static byte[] Ask(CoreConnection asker, string subject, string rest) => Frames.Publish(subject, [1], $"_INBOX.{asker.Id}.{rest}");

    private static string[] Errors(CoreConnection connection) =>
        [.. Received.Parse(connection.Socket.TakeReceived()).Errors.Select(e => $"{(int)e.Code} {e.Context!["reply"].Split('.')[^1]}")];

    private static string[] Log(CoreConnection connection) => connection.Log().Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static byte[] Run(int first, int count) => Frames.Join(Enumerable.Range(first, count).Select(i => Frames.Publish("work", $"{i}")));

    private CoreConnection Member(SubscribeOptions options)
    {
        var member = _broker.Connect();
        member.Send(Frames.Subscribe(1, "work", options with { Queue = "q" }));
        return member;
    }

    private CoreConnection Plain(string subject)
    {
        var connection = _broker.Connect();
        connection.Send(Frames.Subscribe(1, subject));
        return connection;
    }

    // Two members that wait for credit.
    private (CoreConnection Publisher, CoreConnection Stays, CoreConnection Leaves) Start() =>
        (_broker.Connect(), Member(new SubscribeOptions { Credit = 0 }), Member(new SubscribeOptions { Credit = 0 }));
}
