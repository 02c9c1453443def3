using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Sessions;

/// <summary>What a session answers to each control frame, and which subscriptions begin and end by it.</summary>
public class SessionTests
{
    private readonly CoreBroker _broker = new();

    [Fact]
    public void Hello_is_answered_by_welcome_with_identity_and_limits()
    {
        var connection = _broker.Accept();
        connection.Send(Frames.Hello(version: 99));

        var welcome = Assert.Single(Received.Parse(connection.Socket.Received).Welcomes);
        Assert.Equal(connection.Id, welcome.Id);
        Assert.Equal(WireVersion.Current, welcome.Version);
        Assert.Equal(_broker.Limits, welcome.Info.Limits);
        Assert.Equal("test", connection.Client.Hello!.Name);
    }

    [Fact]
    public void Welcome_comes_before_the_answer_to_anything_after_hello()
    {
        var connection = _broker.Accept();
        connection.Send(Frames.Join(Frames.Hello(), Frames.Subscribe(0, "a"), Frames.Ping(1)));

        Assert.Equal([FrameKind.Welcome, FrameKind.Error, FrameKind.Pong], Received.Parse(connection.Socket.Received).Kinds);
    }

    [Fact]
    public void A_second_hello_is_a_violation() => AssertEnds(CloseReason.Violation, Frames.Hello());

    [Fact]
    public void A_version_before_the_first_is_not_supported()
    {
        var connection = _broker.Accept();
        connection.Send(Frames.Hello(version: 0));

        Assert.Equal(CloseReason.UnsupportedVersion, Assert.Single(connection.Endings).Reason);
        Assert.Empty(connection.Socket.Received);
    }

    [Fact]
    public void Goodbye_ends_the_connection_and_nothing_after_it_counts()
    {
        var connection = AssertEnds(CloseReason.ClientClosed, Frames.Join(Frames.Goodbye("enough"), Frames.Subscribe(1, "a"), Frames.Publish("a", "x"), [0xC1]));

        Assert.Equal("enough", connection.Endings[0].Message);
        Assert.Equal(1, _broker.Table.Current.Count);
        Assert.Equal(default, connection.Account.TakeReceipt());
        connection.Send(Frames.Publish("a", "more"));
        Assert.Equal(default, connection.Account.TakeReceipt());
    }

    [Fact]
    public void What_only_the_broker_sends_is_a_violation()
    {
        byte[][] frames =
        [
            Frames.Encode(o => FrameWriter.Write(o, new WelcomeCommand(1, Guid.Empty, new WelcomeInfo()))),
            Frames.Encode(o => FrameWriter.Write(o, new DeliverCommand([1], Guid.Empty, 1))),
            Frames.Encode(o => FrameWriter.Write(o, new ErrorCommand(ErrorCode.BadSubject, "no"))),
            Frames.Encode(o => FrameWriter.Write(o, new MissedCommand(1, 1))),
        ];
        foreach (var frame in frames) AssertEnds(CloseReason.Violation, frame);
    }

    [Theory]
    [InlineData(1, "a..b", ErrorCode.BadPattern)]
    [InlineData(1, "a.>.b", ErrorCode.BadPattern)]
    [InlineData(0, "a", ErrorCode.BadOption)]
    [InlineData(7, "a", ErrorCode.DuplicateSid)]
    [InlineData(1, "_INBOX.>", ErrorCode.NotAllowed)]
    [InlineData(1, "_INBOX.*.x", ErrorCode.NotAllowed)]
    [InlineData(1, "_BROKER.>", ErrorCode.NotAllowed)]
    [InlineData(1, "_BROKER.drain", ErrorCode.NotAllowed)]
    [InlineData(1, "_INBOX.01234567-89ab-7def-8123-456789abcdef.>", ErrorCode.NotAllowed)]
    public void An_invalid_subscription_is_an_error_and_the_connection_lives(uint sid, string pattern, ErrorCode code)
    {
        var connection = _broker.Connect();
        connection.Send(Frames.Subscribe(7, "taken"));
        connection.Send(Frames.Subscribe(sid, pattern), Frames.Ping(1));

        AssertRefused(connection, code, sid);
        Assert.Equal(2, _broker.Table.Current.Count);
    }

    [Fact]
    public void An_option_of_the_wrong_type_is_an_error_with_the_sid()
    {
        var connection = _broker.Connect();
        connection.Send([0x94, 0x03, 0x05, 0xA1, (byte)'a', 0x81, 0xA6, .. "credit"u8, 0xA1, (byte)'x'], Frames.Ping(1));

        AssertRefused(connection, ErrorCode.BadOption, 5);
    }

    [Fact]
    public void The_owner_may_subscribe_below_its_own_inbox()
    {
        var connection = _broker.Connect();
        connection.Send(Frames.Subscribe(3, $"_INBOX.{connection.Id}.special"));
        _broker.Connect().Send(Frames.Publish($"_INBOX.{connection.Id}.special", "x"));

        Assert.Equal("0:x 3:x", connection.Log());
    }

    [Fact]
    public void Every_connection_gets_what_is_sent_to_its_inbox_and_nobody_else_does()
    {
        var (one, other, curious) = (_broker.Connect(), _broker.Connect(), _broker.Connect());
        curious.Send(Frames.Subscribe(1, ">"), Frames.Subscribe(2, "*.*.x"));
        other.Send(Frames.Publish($"_INBOX.{one.Id}.x", "hi"));

        Assert.Equal("0:hi", one.Log());
        Assert.Empty(other.Log());
        Assert.Empty(curious.Log());
    }

    [Fact]
    public void The_number_of_subscriptions_is_limited()
    {
        var limits = Limits.Default with { MaxSubscriptions = 2 };
        var outbox = _broker.Connect();
        var session = new Session(new SessionContext(outbox.Client, limits, _broker.Bound, AccessOfTest.Everything(1000)), outbox.Outbox);
        session.Handle(FrameKind.Hello, Frames.Hello());
        session.SendWelcome();
        for (uint sid = 1; sid <= 3; sid++) session.Handle(FrameKind.Subscribe, Frames.Subscribe(sid, "a"));

        AssertError(outbox, ErrorCode.TooManySubscriptions, 3);
        Assert.Equal([0u, 1u, 2u], session.TakeChanges().Select(change => change.Subscription.Sid));
    }

    [Fact]
    public void Unsubscribe_and_credit_need_a_sid_that_is_in_use_and_credit_one_that_takes_it()
    {
        foreach (var (frame, sid, code) in new[]
        {
            (Frames.Unsubscribe(9), 9u, ErrorCode.UnknownSid),
            (Frames.Unsubscribe(0), 0u, ErrorCode.UnknownSid),
            (Frames.Credit(9, 1), 9u, ErrorCode.UnknownSid),
            (Frames.Credit(4, 1), 4u, ErrorCode.NotOnCredit),
        })
        {
            var connection = _broker.Connect();
            connection.Send(Frames.Subscribe(4, "a"));
            connection.Send(frame, Frames.Ping(1));
            AssertRefused(connection, code, sid);
        }
    }

    [Fact]
    public void A_sid_may_be_used_again_after_unsubscribe_and_the_old_gap_comes_first()
    {
        var (subscriber, publisher) = (_broker.Connect(), _broker.Connect());
        subscriber.Send(Frames.Subscribe(1, "a", new SubscribeOptions { Credit = 1 }));
        publisher.Send(Frames.Publish("a", "1"), Frames.Publish("a", "2"));
        subscriber.Send(Frames.Unsubscribe(1), Frames.Subscribe(1, "b"));
        publisher.Resume();
        publisher.Send(Frames.Publish("a", "3"), Frames.Publish("b", "4"));

        Assert.Equal("1:1 1:missed 1 1:4", subscriber.Log());
        Assert.Equal(new Receipt(4, 3, 1), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void Credit_still_reaches_a_subscription_whose_maximum_waits_in_its_backlog()
    {
        var (subscriber, publisher) = (_broker.Connect(), _broker.Connect());
        subscriber.Send(Frames.Subscribe(1, "a", new SubscribeOptions { Credit = 1 }), Frames.Unsubscribe(1, max: 2));
        publisher.Send(Frames.Join(Frames.Publish("a", "1"), Frames.Publish("a", "2"), Frames.Publish("a", "3")));
        subscriber.HandleEnded();
        subscriber.Send(Frames.Credit(1, 10));
        Assert.Equal("1:1 1:2", subscriber.Log());

        subscriber.HandleEnded();
        Assert.Equal(2, _broker.Table.Current.Count);
        subscriber.Send(Frames.Credit(1, 10));
        AssertError(subscriber, ErrorCode.UnknownSid, 1);
    }

    [Fact]
    public void An_end_that_is_known_already_is_no_second_change()
    {
        var (subscriber, publisher) = (_broker.Connect(), _broker.Connect());
        subscriber.Send(Frames.Subscribe(1, "a"), Frames.Unsubscribe(1, max: 1));
        publisher.Send(Frames.Publish("a", "1"));
        subscriber.Send(Frames.Unsubscribe(1));
        subscriber.HandleEnded();

        Assert.Equal(2, _broker.Table.Current.Count);
        Assert.Equal("1:1", subscriber.Log());
    }

    private CoreConnection AssertEnds(CloseReason reason, byte[] frames)
    {
        var connection = _broker.Connect();
        connection.Send(frames);
        Assert.Equal(reason, Assert.Single(connection.Endings).Reason);
        return connection;
    }

    private static void AssertRefused(CoreConnection connection, ErrorCode code, uint sid)
    {
        var received = Received.Parse(connection.Socket.Received);
        Assert.Equal([FrameKind.Error, FrameKind.Pong], received.Kinds);
        AssertError(connection, code, sid);
        Assert.Empty(connection.Endings);
    }

    private static void AssertError(CoreConnection connection, ErrorCode code, uint sid)
    {
        var error = Assert.Single(Received.Parse(connection.Socket.Received).Errors);
        Assert.Equal(code, error.Code);
        Assert.Equal($"{sid}", error.Context!["sid"]);
    }
}
