using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>Queue groups: each message to exactly one member, to one that keeps up if there is any, and none lost to a member that left.</summary>
public class QueueGroupTests
{
    private readonly CoreBroker _broker = new(highWatermark: 2000, lowWatermark: 500);

    [Fact]
    public void Single_messages_go_to_the_members_in_turn()
    {
        var (publisher, members) = Start(3);
        for (var i = 0; i < 9; i++) publisher.Send(Frames.Publish("work", $"{i}"));

        var logs = Logs(members);
        Assert.All(logs, log => Assert.Equal(3, log.Length));
        Assert.Equal(Enumerable.Range(0, 9).Select(i => $"1:{i}"), logs.SelectMany(log => log).Order());
        Assert.All(logs, log => Assert.Equal(log.Order(), log));
        Assert.Equal(new Receipt(9, 9, 0), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void A_run_is_divided_evenly_and_completely()
    {
        var (publisher, members) = Start(4);
        publisher.Send(Run(0, 10));

        var logs = Logs(members);
        Assert.Equal([2, 2, 3, 3], logs.Select(log => log.Length).Order());
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"1:{i}"), logs.SelectMany(log => log).Order());
    }

    [Fact]
    public void A_member_without_credit_or_with_a_backlog_or_a_full_queue_is_skipped_while_another_can_take_the_message()
    {
        var publisher = _broker.Connect();
        var noCredit = Member(new SubscribeOptions { Credit = 0 });
        var someCredit = Member(new SubscribeOptions { Credit = 2 });
        var stalled = Member();
        stalled.Socket.Room = 0;
        var filler = _broker.Connect();
        filler.Send(Frames.Publish($"_INBOX.{stalled.Id}.x", new string('x', 3000)));
        var ready = Member();

        publisher.Send(Run(0, 10));

        var logs = Logs([noCredit, someCredit, ready]);
        Assert.Empty(logs[0]);
        Assert.Equal(2, logs[1].Length);
        Assert.Equal(8, logs[2].Length);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"1:{i}"), logs.SelectMany(log => log).Order());
        Assert.False(publisher.IsHeldBack);
    }

    [Fact]
    public void When_nobody_keeps_up_it_waits_for_one_that_needs_only_time()
    {
        var publisher = _broker.Connect();
        var noCredit = Member(new SubscribeOptions { Credit = 0 });
        var slow = Member();
        slow.Socket.Room = 0;
        _broker.Connect().Send(Frames.Publish($"_INBOX.{slow.Id}.x", new string('x', 3000)));

        publisher.Send(Run(0, 4));
        Assert.True(publisher.IsHeldBack);
        slow.Socket.Room = long.MaxValue;
        slow.Write();

        Assert.False(publisher.IsHeldBack);
        Assert.EndsWith("1:0 1:1 1:2 1:3", slow.Log(), StringComparison.Ordinal);
        noCredit.Send(Frames.Credit(1, 100));
        Assert.Empty(noCredit.Log());
    }

    [Fact]
    public void When_all_need_credit_it_waits_for_them_all_evenly()
    {
        var publisher = _broker.Connect();
        CoreConnection[] members = [Member(new SubscribeOptions { Credit = 0 }), Member(new SubscribeOptions { Credit = 0 })];
        publisher.Send(Run(0, 6));
        foreach (var member in members) member.Send(Frames.Credit(1, 100));

        var logs = Logs(members);
        Assert.All(logs, log => Assert.Equal(3, log.Length));
        Assert.Equal(Enumerable.Range(0, 6).Select(i => $"1:{i}"), logs.SelectMany(log => log).Order());
    }

    [Fact]
    public void A_member_that_left_a_moment_ago_gets_nothing_and_loses_nothing()
    {
        var (publisher, members) = Start(3);
        publisher.Send(Run(0, 3));
        members[0].Outbox.Unsubscribe(members[0].LastSubscription!);
        members[1].Outbox.Close();
        publisher.Send(Run(3, 3));

        Assert.Equal(new Receipt(6, 6, 0), publisher.Account.TakeReceipt());
        var logs = Logs(members);
        Assert.Equal([1, 1, 4], logs.Select(log => log.Length));
        Assert.Equal(["1:3", "1:4", "1:5"], logs[2][1..]);
    }

    [Fact]
    public void A_group_without_an_open_member_matches_nothing()
    {
        var (publisher, members) = Start(2);
        foreach (var member in members) member.Outbox.Unsubscribe(member.LastSubscription!);
        publisher.Send(Run(0, 3));

        Assert.Equal(new Receipt(3, 0, 0), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void A_member_with_a_maximum_takes_so_many_and_the_others_the_rest()
    {
        var (publisher, members) = Start(2);
        members[0].Send(Frames.Unsubscribe(1, max: 2));
        publisher.Send(Run(0, 10));

        var logs = Logs(members);
        Assert.Equal(2, logs[0].Length);
        Assert.Equal(8, logs[1].Length);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"1:{i}"), logs.SelectMany(log => log).Order());
    }

    [Fact]
    public void Groups_and_plain_subscriptions_each_get_every_message_on_one_subject()
    {
        var (publisher, members) = Start(2);
        var plain = _broker.Connect();
        plain.Send(Frames.Subscribe(5, ">"));
        var other = _broker.Connect();
        other.Send(Frames.Subscribe(6, "*", new SubscribeOptions { Queue = "other" }));
        publisher.Send(Run(0, 4));

        Assert.Equal("5:0 5:1 5:2 5:3", plain.Log());
        Assert.Equal("6:0 6:1 6:2 6:3", other.Log());
        Assert.Equal(4, Logs(members).Sum(log => log.Length));
        Assert.Equal(new Receipt(4, 12, 0), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void One_group_by_name_over_several_patterns_is_one_group()
    {
        var publisher = _broker.Connect();
        var member = _broker.Connect();
        member.Send(Frames.Subscribe(1, "work", new SubscribeOptions { Queue = "q" }), Frames.Subscribe(2, "*", new SubscribeOptions { Queue = "q" }));
        publisher.Send(Run(0, 4));

        Assert.Equal(4, Received.Parse(member.Socket.Received).Deliveries.Count);
    }

    [Fact]
    public void Publishers_of_one_message_each_do_not_all_begin_with_the_same_member()
    {
        var (_, members) = Start(4);
        for (var i = 0; i < 100; i++) _broker.Connect().Send(Frames.Publish("work", $"{i}"));

        Assert.All(Logs(members), log => Assert.InRange(log.Length, 10, 50));
    }

    private static string[][] Logs(CoreConnection[] members) =>
        [.. members.Select(m => m.Log().Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    private static byte[] Run(int first, int count) => Frames.Join(Enumerable.Range(first, count).Select(i => Frames.Publish("work", $"{i}")));

    private CoreConnection Member(SubscribeOptions? options = null)
    {
        var member = _broker.Connect();
        member.Send(Frames.Subscribe(1, "work", (options ?? SubscribeOptions.None) with { Queue = "q" }));
        return member;
    }

    private (CoreConnection Publisher, CoreConnection[] Members) Start(int count) =>
        (_broker.Connect(), [.. Enumerable.Range(0, count).Select(_ => Member())]);
}
