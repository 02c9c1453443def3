using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>The checker passes what a right broker could have done, and refuses each way in which one could be wrong.</summary>
public sealed class HistoryCheckerTests
{
    private readonly History _history = new();
    private readonly ConnectionHistory _publisher;
    private readonly ConnectionHistory _plain;
    private readonly ConnectionHistory _first;
    private readonly ConnectionHistory _second;

    // Ten messages: a plain subscriber got eight and was told of two between; a group shared five and five. A request was answered.
    public HistoryCheckerTests()
    {
        (_publisher, _plain, _first, _second) = (Connect(), Connect(), Connect(), Connect());
        _plain.Subscriptions.Add(new SubscriptionHistory(1, "n.>", null, OverflowPolicy.DropOldest, 1) { Active = 2 });
        foreach (var member in new[] { _first, _second }) member.Subscriptions.Add(new SubscriptionHistory(7, "n.*", "group", OverflowPolicy.Block, 1) { Active = 2 });
        for (var i = 0; i < 10; i++) Send(_publisher, $"n.{i % 3}", 10 + i, 30);
        foreach (var number in (int[])[0, 1, 2]) Receive(_plain, 1, number);
        _plain.Arrivals.Add(Arrival.Gap(1, 2));
        foreach (var number in (int[])[5, 6, 7, 8, 9]) Receive(_plain, 1, number);
        for (var i = 0; i < 10; i++) Receive(i % 2 == 0 ? _first : _second, 7, i);
        var reply = $"_INBOX.{_publisher.Id}.1";
        Send(_publisher, "ask", 31, 40, reply);
        Send(_first, reply, 35, 40);
        _publisher.Arrivals.Add(new Arrival(0, 0, _first.Id, reply, _first.Number, 0, _first.Sent[0].Hash));
        _publisher.Receipts = new Receipt(11, 20, 2);
        _first.Receipts = new Receipt(1, 1, 0);
        _publisher.Subscriptions.Add(new SubscriptionHistory(9, "unheard", null, OverflowPolicy.Block, 1) { Active = 2 });
    }

    [Fact]
    public void What_a_right_broker_does_is_accepted() => Assert.Empty(HistoryChecker.Check(_history));

    [Fact]
    public void What_happened_at_the_same_time_is_accepted_either_way()
    {
        var late = new SubscriptionHistory(2, "n.*", null, OverflowPolicy.Block, 9) { Active = 15 }; // messages 0 to 5 may have been before or after it
        _plain.Subscriptions.Add(late);
        foreach (var number in (int[])[4, 5, 6, 7, 8, 9]) Receive(_plain, 2, number);
        _publisher.Receipts += new Receipt(0, 6, 0);

        Assert.Empty(HistoryChecker.Check(_history));
    }

    [Fact]
    public void A_message_that_came_twice_is_refused()
    {
        _plain.Arrivals.Insert(1, _plain.Arrivals[0]);
        Refuse("came twice");
    }

    [Fact]
    public void Two_messages_in_the_wrong_order_are_refused()
    {
        (_plain.Arrivals[0], _plain.Arrivals[1]) = (_plain.Arrivals[1], _plain.Arrivals[0]);
        Refuse("1: 0.0 n.0 came after 1");
    }

    [Fact]
    public void A_message_of_another_subject_in_the_wrong_order_is_refused()
    {
        (_plain.Arrivals[^1], _plain.Arrivals[^2]) = (_plain.Arrivals[^2], _plain.Arrivals[^1]); // 8 and 9, to n.2 and n.0
        Refuse("came after 9");
    }

    [Fact]
    public void A_lost_message_is_refused_where_it_is_lost()
    {
        _plain.Arrivals.RemoveAt(1);
        Refuse("1: 0.2 n.2 came after 1 that did not come, and 0 were told to be missed");
    }

    [Fact]
    public void A_message_lost_at_the_end_is_refused()
    {
        _plain.Arrivals.RemoveAt(_plain.Arrivals.Count - 1);
        Refuse("3 did not come in the end, and 2 were told to be missed");
    }

    [Fact]
    public void A_gap_that_is_told_behind_the_next_message_is_refused()
    {
        (_plain.Arrivals[3], _plain.Arrivals[4]) = (_plain.Arrivals[4], _plain.Arrivals[3]);
        Refuse("came after 2 that did not come, and 0 were told to be missed");
    }

    [Fact]
    public void A_gap_that_is_told_twice_is_refused()
    {
        _plain.Arrivals.Add(Arrival.Gap(1, 2));
        Refuse("8 received and 4 missed of 10");
    }

    [Fact]
    public void A_message_that_a_gap_had_told_to_be_missed_is_refused()
    {
        Receive(_plain, 1, 3, at: 4);
        Refuse("9 received and 2 missed of 10");
    }

    [Fact]
    public void An_altered_message_is_refused()
    {
        _plain.Arrivals[2] = _plain.Arrivals[2] with { Hash = 1 };
        Refuse("is not what was sent");
    }

    [Fact]
    public void A_message_under_a_false_sender_is_refused()
    {
        _plain.Arrivals[2] = _plain.Arrivals[2] with { Sender = _second.Id };
        Refuse("is not what was sent");
    }

    [Fact]
    public void A_message_that_nobody_sent_is_refused()
    {
        _plain.Arrivals.Add(new Arrival(1, 0, _publisher.Id, "n.1", 0, 99, 99));
        Refuse("is not what was sent");
    }

    [Fact]
    public void A_misrouted_message_is_refused()
    {
        _publisher.Arrivals.Add(_plain.Arrivals[0] with { Sid = 9 });
        Refuse("should not have come");
    }

    [Fact]
    public void The_answer_of_another_asker_is_refused()
    {
        _plain.Arrivals.Add(_publisher.Arrivals[0]);
        Refuse("should not have come");
    }

    [Fact]
    public void A_message_for_a_subscription_that_had_ended_before_it_was_sent_is_refused()
    {
        var (subscription, before) = (_plain.Subscriptions[0], _publisher.Sent[9].Begun - 1);
        (subscription.EndAsked, subscription.Ended) = (before - 1, before);
        Refuse("1: 0.9 n.0 should not have come");
    }

    [Fact]
    public void A_message_for_a_subscription_that_there_never_was_is_refused()
    {
        Receive(_plain, 5, 0);
        Refuse("got something for 5, which is no subscription");
    }

    [Fact]
    public void A_message_to_two_members_of_a_group_is_refused()
    {
        Receive(_second, 7, 0, at: 0);
        Refuse("two members of group got 7: 0.0 n.0");
    }

    [Fact]
    public void A_message_to_no_member_of_a_group_is_refused()
    {
        _first.Arrivals.RemoveAt(_first.Arrivals.Count - 1);
        Refuse("group: 1 came to nobody, and 0 were told");
    }

    [Fact]
    public void A_member_that_left_may_leave_messages_to_another_that_come_late_but_none_may_vanish()
    {
        _second.Subscriptions[0].EndAsked = 50;
        _first.Arrivals.RemoveAll(arrival => arrival.Number == 2);
        Receive(_first, 7, 2);
        Assert.Empty(HistoryChecker.Check(_history));

        _first.Arrivals.RemoveAt(_first.Arrivals.Count - 1);
        _first.Arrivals.RemoveAll(arrival => arrival.Number is 4 or 6);
        Refuse("group: 3 came to nobody, and 2 were told");
    }

    [Fact]
    public void A_member_that_came_later_may_get_what_waited_for_one_that_left_and_nothing_else()
    {
        _second.Arrivals.RemoveAll(arrival => arrival.Number == 9);
        _plain.Subscriptions.Add(new SubscriptionHistory(3, "n.*", "group", OverflowPolicy.Block, 60) { Active = 61 });
        Receive(_plain, 3, 9);
        Refuse("should not have come");

        _second.Subscriptions[0].EndAsked = 50;
        Assert.Empty(HistoryChecker.Check(_history));
    }

    [Fact]
    public void A_request_that_is_answered_twice_is_refused()
    {
        Send(_second, _publisher.Sent[10].Reply!, 36, 40);
        _publisher.Arrivals.Add(new Arrival(0, 0, _second.Id, _second.Sent[0].Subject, _second.Number, 0, _second.Sent[0].Hash));
        Refuse("request 10 ended 2 times");
    }

    [Fact]
    public void A_request_that_is_answered_and_told_to_have_nobody_is_refused()
    {
        _publisher.Errors.Add((ErrorCode.ResponderGone, _publisher.Sent[10].Reply));
        Refuse("request 10 ended 2 times");
    }

    [Fact]
    public void A_request_that_never_ends_is_refused()
    {
        _plain.Arrivals.RemoveAll(arrival => arrival.Missed > 0);
        _publisher.Arrivals.Clear();
        _publisher.Receipts = new Receipt(11, 18, 0);
        Refuse("1 requests never ended, and 0 messages were dropped");
    }

    [Fact]
    public void An_error_that_nobody_has_earned_is_refused()
    {
        _plain.Errors.Add((ErrorCode.NoResponders, "elsewhere"));
        Refuse("got NoResponders for elsewhere");
    }

    [Fact]
    public void Receipts_that_do_not_add_up_are_refused()
    {
        _publisher.Receipts += new Receipt(0, 1, 0);
        Refuse("19 received, and the receipts say");
        _publisher.Receipts += new Receipt(0, 0, 1);
        Refuse("2 missed, and the receipts say");
        _publisher.Receipts += new Receipt(1, 0, 0);
        Refuse("sent 11, and its receipts say");
    }

    [Fact]
    public void A_connection_that_was_closed_for_nothing_is_refused()
    {
        _plain.End = ConnectionEnd.Closed;
        Refuse("was closed by the broker");
        _plain.End = ConnectionEnd.SlowConsumer;
        Refuse("had not asked for it");
    }

    [Fact]
    public void What_died_with_a_connection_is_accepted_and_what_came_before_is_checked_all_the_same()
    {
        _plain.End = ConnectionEnd.Killed;
        _plain.Arrivals.RemoveRange(6, _plain.Arrivals.Count - 6);
        Assert.Empty(HistoryChecker.Check(_history));

        _plain.Arrivals.RemoveAt(0);
        Refuse("came after 1 that did not come");
    }

    private void Refuse(string word) => Assert.Contains(HistoryChecker.Check(_history), wrong => wrong.Contains(word, StringComparison.Ordinal));

    private ConnectionHistory Connect()
    {
        var connection = _history.Add();
        connection.Id = new Guid(connection.Number + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);
        return connection;
    }

    private static void Send(ConnectionHistory connection, string subject, long begun, long confirmed, string? reply = null) =>
        connection.Sent.Add(new SentMessage(connection.Sent.Count, subject, reply, (ulong)((connection.Number * 1000) + connection.Sent.Count), begun) { Confirmed = confirmed });

    private void Receive(ConnectionHistory receiver, uint sid, int number, int? at = null)
    {
        var message = _publisher.Sent[number];
        receiver.Arrivals.Insert(at ?? receiver.Arrivals.Count, new Arrival(sid, 0, _publisher.Id, message.Subject, _publisher.Number, number, message.Hash));
    }
}
