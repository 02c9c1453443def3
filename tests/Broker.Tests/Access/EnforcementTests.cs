using UdsBroker.Broker.Access;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Access;

/// <summary>What a connection gets when the rules deny: an ERROR, and it lives on; and what happens when the rules change.</summary>
public sealed class EnforcementTests
{
    private const string Rules = """
        { allow = all, uid = 1 },
        { deny = subscribe, uid = 2, subjects = "a.secret" },
        { allow = subscribe, uid = 2, subjects = "a.>" },
        { allow = publish, uid = 2, subjects = ["a.open", "b.*"] }
        """;

    private readonly CoreBroker _broker = new();
    private readonly DenialsOfTest _denials = new();
    private readonly AccessTable _table;

    public EnforcementTests() => _table = new AccessTable(AccessOfTest.Policy(Rules), _denials);

    [Fact]
    public void A_denied_publish_gets_one_error_for_a_run_and_is_neither_routed_nor_counted()
    {
        var (all, some) = (Connect(1), Connect(2));
        all.Send(Frames.Subscribe(1, ">"));

        some.Send(Frames.Publish("a.open", "1"), Frames.Join(Frames.Publish("a.b", "2"), Frames.Publish("a.b", "3")), Frames.Publish("b.c", "4"), Frames.Ping(7));

        Assert.Equal("1:1 1:4", all.Log());
        var received = Received.Parse(some.Socket.TakeReceived());
        var error = Assert.Single(received.Errors);
        Assert.Equal((ErrorCode.NotAllowed, "a.b"), (error.Code, error.Context!["subject"]));
        Assert.Equal("uid 2 may not publish to a.b: no rule matches and udsbroker.access.default decides", error.Message);
        Assert.Equal(new Receipt(2, 2, 0), received.Pongs[0].Receipt);
        Assert.Equal(["uid 2 Publish a.b: no rule matches and udsbroker.access.default decides"], _denials.Denied);
    }

    [Fact]
    public void Every_denied_request_gets_an_error_with_its_own_reply_subject()
    {
        var some = Connect(2);
        string[] replies = [$"_INBOX.{some.Id}.1", $"_INBOX.{some.Id}.2"];

        some.Send(Frames.Join(Frames.Publish("x", [1], replies[0]), Frames.Publish("x", [2]), Frames.Publish("x", [3]), Frames.Publish("x", [4], replies[1])));

        var errors = Received.Parse(some.Socket.TakeReceived()).Errors;
        Assert.Equal([replies[0], null, replies[1]], errors.Select(error => error.Context!.GetValueOrDefault("reply")));
        Assert.All(errors, error => Assert.Equal((ErrorCode.NotAllowed, "x"), (error.Code, error.Context!["subject"])));
    }

    [Fact]
    public void Rules_that_change_in_the_middle_of_a_run_deny_the_rest_of_it_and_no_message_is_lost_silently()
    {
        var (all, some) = (Connect(1), Connect(2));
        all.Send(Frames.Subscribe(1, ">"));
        var reply = $"_INBOX.{some.Id}.4";
        _broker.Clock.DeadlineAsked = () => _table.Current = AccessOfTest.Policy("{ allow = all, uid = 1 }");

        some.Send(Frames.Join(
            Frames.Publish("a.open", "1", (KnownHeaders.Expires, "1000")),
            Frames.Retained("a.open", "2"),
            Frames.Publish("a.open", "3"),
            Frames.Publish("a.open", [4], reply),
            Frames.Ping(7)));

        Assert.Equal("1:1", all.Log());
        var received = Received.Parse(some.Socket.TakeReceived());
        Assert.Equal([null, reply], received.Errors.Select(error => error.Context!.GetValueOrDefault("reply")));
        Assert.All(received.Errors, error => Assert.Equal((ErrorCode.NotAllowed, "a.open"), (error.Code, error.Context!["subject"])));
        Assert.Equal(new Receipt(1, 1, 0), received.Pongs[0].Receipt);
        Assert.Equal(0, _broker.Kept.Retained.Kept.Messages);
    }

    [Fact]
    public void A_pattern_that_can_match_something_denied_is_refused_with_the_part_and_the_rule()
    {
        var some = Connect(2);

        some.Send(Frames.Subscribe(1, "a.>"), Frames.Subscribe(2, "a.*.c"), Frames.Subscribe(3, "a.secret"), Frames.Subscribe(4, ">"));

        var errors = Received.Parse(some.Socket.TakeReceived()).Errors;
        Assert.Equal(
            [
                ("1", "uid 2 may not subscribe to a.>, because it matches a.secret: rule 2 of udsbroker.access.rules"),
                ("3", "uid 2 may not subscribe to a.secret: rule 2 of udsbroker.access.rules"),
                ("4", "uid 2 may not subscribe to >: no rule matches and udsbroker.access.default decides"),
            ],
            errors.Select(error => (error.Context!["sid"], error.Message)));
        Assert.All(errors, error => Assert.Equal(ErrorCode.NotAllowed, error.Code));
    }

    [Fact]
    public void Whether_a_denied_subject_is_in_use_cannot_be_told_from_the_answers()
    {
        var some = Connect(2);
        some.Send(Frames.Subscribe(1, "hidden.a"), Frames.Publish("hidden.a", "1"));
        var before = some.Socket.TakeReceived();
        Connect(1).Send(Frames.Subscribe(1, "hidden.a"));

        some.Send(Frames.Subscribe(1, "hidden.a"), Frames.Publish("hidden.a", "1"), Frames.Subscribe(2, "$SYS.interest.hidden.a"));

        var after = some.Socket.TakeReceived();
        Assert.Equal(before, after[..before.Length]);
        Assert.Equal(ErrorCode.NotAllowed, Assert.Single(Received.Parse(after[before.Length..]).Errors).Code);
    }

    [Fact]
    public void A_peer_that_may_publish_to_a_subject_may_watch_the_interest_in_it()
    {
        var some = Connect(2);

        some.Send(Frames.Subscribe(1, "$SYS.interest.a.open"), Frames.Subscribe(2, "$SYS.interest.a.closed"), Frames.Subscribe(3, "$SYS.client.*.connected"));

        Assert.Equal(["2", "3"], Received.Parse(some.Socket.TakeReceived()).Errors.Select(error => error.Context!["sid"]));
    }

    [Fact]
    public void Answers_and_direct_messages_need_no_rule_and_an_inbox_belongs_to_its_owner_alone()
    {
        var (all, some) = (Connect(1), Connect(2));

        some.Send(Frames.Publish($"_INBOX.{all.Id}.1", "answer"));
        all.Send(Frames.Subscribe(1, $"_INBOX.{some.Id}.>"), Frames.Subscribe(2, "_INBOX.>"), Frames.Subscribe(3, "_INBOX.*.1"), Frames.Subscribe(4, $"_INBOX.{all.Id}.>"));

        var received = Received.Parse(all.Socket.TakeReceived());
        Assert.Equal("0:answer", received.Log);
        Assert.Equal([("1", ErrorCode.NotAllowed), ("2", ErrorCode.NotAllowed), ("3", ErrorCode.NotAllowed)], received.Errors.Select(error => (error.Context!["sid"], error.Code)));
        Assert.Empty(Received.Parse(some.Socket.TakeReceived()).Errors);
    }

    [Fact]
    public void Changed_rules_apply_from_the_next_received_buffer_on_without_a_reconnect()
    {
        var (all, some) = (Connect(1), Connect(2));
        all.Send(Frames.Subscribe(1, "a.*"));
        some.Send(Frames.Publish("a.open", "1"), Frames.Publish("a.b", "2"));
        Assert.Single(Received.Parse(some.Socket.TakeReceived()).Errors);

        _table.Current = AccessOfTest.Policy("{ allow = all, uid = 1 }, { allow = publish, uid = 2, subjects = a.b }");
        some.Send(Frames.Publish("a.open", "3"), Frames.Publish("a.b", "4"));

        Assert.Equal("1:1 1:4", all.Log());
        Assert.Equal("a.open", Assert.Single(Received.Parse(some.Socket.TakeReceived()).Errors).Context!["subject"]);
    }

    [Fact]
    public void Subscriptions_that_are_no_longer_allowed_end_with_what_waited_reported_as_missed_and_the_others_go_on()
    {
        var (all, some) = (Connect(1), Connect(2));
        some.Send(
            Frames.Subscribe(1, "a.open"),
            Frames.Subscribe(2, "a.b", new SubscribeOptions { Credit = 1, Overflow = OverflowPolicy.DropOldest }),
            Frames.Subscribe(3, $"_INBOX.{some.Id}.x"));
        all.Send(Frames.Publish("a.b", "1"), Frames.Publish("a.b", "2"), Frames.Publish("a.open", "3"));
        Assert.Equal("2:1 1:3", some.Log());

        _table.Current = AccessOfTest.Policy("{ allow = all, uid = 1 }, { allow = subscribe, uid = 2, subjects = a.open }");
        some.ApplyAccess();
        all.Send(Frames.Publish("a.b", "4"), Frames.Publish("a.open", "5"), Frames.Publish($"_INBOX.{some.Id}.x", "6"), Frames.Ping(1));

        var received = Received.Parse(some.Socket.TakeReceived());
        Assert.Equal("2:missed 1 1:5 0:6 3:6", received.Log.Replace("3:6 0:6", "0:6 3:6", StringComparison.Ordinal));
        var error = Assert.Single(received.Errors);
        Assert.Equal((ErrorCode.NotAllowed, "2"), (error.Code, error.Context!["sid"]));
        some.Send(Frames.Subscribe(2, "a.open"));
        Assert.Empty(Received.Parse(some.Socket.TakeReceived()).Errors); // the sid is free again
    }

    [Fact]
    public void A_last_will_is_denied_when_it_is_made()
    {
        var some = _broker.Accept(_table.For(AccessOfTest.Peer(2)));

        some.Send(Frames.Hello(new LastWill("a.secret", new byte[] { 1 })));

        var received = Received.Parse(some.Socket.TakeReceived());
        Assert.Equal([FrameKind.Welcome, FrameKind.Error], received.Kinds);
        Assert.Equal((ErrorCode.NotAllowed, "a.secret"), (received.Errors[0].Code, received.Errors[0].Context!["subject"]));
        Assert.Null(some.Session.Will);
    }

    private CoreConnection Connect(uint uid) => _broker.Connect(_table.For(AccessOfTest.Peer(uid)));
}
