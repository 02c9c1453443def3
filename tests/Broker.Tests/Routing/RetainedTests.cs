using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>Retained messages through the whole core: who gets them, when, how often, and what their publisher is told.</summary>
public sealed class RetainedTests
{
    private readonly CoreBroker _broker = new();

    [Fact]
    public void A_new_subscription_gets_what_is_retained_first_marked_and_as_from_its_sender()
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        publisher.Send(Frames.Retained("temp.kitchen", "20"), Frames.Retained("temp.hall", "17"), Frames.Publish("temp.hall", "not kept"));
        subscriber.Send(Frames.Subscribe(1, "temp.*"));
        publisher.Send(Frames.Retained("temp.hall", "18"));

        var deliveries = Received.Parse(subscriber.Socket.TakeReceived()).Deliveries;
        Assert.Equal(["1:retained 20", "1:retained 17", "1:18"], deliveries.Select(d => d.ToString()));
        Assert.All(deliveries, delivery => Assert.Equal(publisher.Id, delivery.Sender));
        Assert.Equal(Frames.Retained("temp.kitchen", "20"), deliveries[0].Frame);
    }

    [Fact]
    public void An_existing_subscription_gets_it_as_any_message()
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        subscriber.Send(Frames.Subscribe(1, "a"), Frames.Subscribe(2, ">"));
        publisher.Send(Frames.Retained("a", "1"));
        Assert.Equal(["1:1", "2:1"], subscriber.Log().Split(" ").Order());
        Assert.Equal(new Receipt(1, 2, 0), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void An_empty_payload_clears_and_is_routed()
    {
        var (publisher, subscriber, late) = (_broker.Connect(), _broker.Connect(), _broker.Connect());
        subscriber.Send(Frames.Subscribe(1, "a"));
        publisher.Send(Frames.Retained("a", "1"), Frames.Retained("a", ""));
        late.Send(Frames.Subscribe(1, "a"));
        Assert.Equal("1:1 1:", subscriber.Log());
        Assert.Equal("", late.Log());
        Assert.Equal(0, _broker.Pool.Leased);
    }

    [Fact]
    public void Members_of_a_queue_group_and_subscriptions_that_want_none_get_none()
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        publisher.Send(Frames.Retained("a", "1"));
        subscriber.Send(Frames.Subscribe(1, "a", new SubscribeOptions { Queue = "q" }), Frames.Subscribe(2, "a", new SubscribeOptions { Retained = false }));
        Assert.Equal("", subscriber.Log());
        subscriber.Send(Frames.Subscribe(3, "a", new SubscribeOptions { Retained = true }));
        Assert.Equal("3:retained 1", subscriber.Log());
    }

    [Fact]
    public void A_publisher_that_is_gone_leaves_its_values_and_no_receipt_counts_their_later_deliveries()
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        publisher.Send(Frames.Retained("a", "1"));
        publisher.Close();
        subscriber.Send(Frames.Subscribe(1, "a", new SubscribeOptions { Credit = 0 }), Frames.Unsubscribe(1));
        Assert.Equal("1:missed 1", subscriber.Log());
        Assert.Equal(new Receipt(1, 0, 0), publisher.Account.TakeReceipt());
        subscriber.Send(Frames.Subscribe(2, "a"));
        Assert.Equal("2:retained 1", subscriber.Log());
    }

    [Fact]
    public void Credit_a_maximum_and_the_order_before_live_messages_hold_for_retained_ones()
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        publisher.Send(Frames.Retained("a", "1"), Frames.Retained("b", "2"), Frames.Retained("c", "3"));
        subscriber.Send(Frames.Subscribe(1, ">", new SubscribeOptions { Credit = 2 }), Frames.Unsubscribe(1, 4));
        publisher.Send(Frames.Publish("d", "4"), Frames.Publish("e", "5"));
        Assert.Equal("1:retained 1 1:retained 2", subscriber.Log());
        subscriber.Send(Frames.Credit(1, 10));
        Assert.Equal("1:retained 3 1:4", subscriber.Log());
    }

    [Fact]
    public void Retained_messages_that_wait_do_not_hold_publishers_of_other_subjects_nor_are_shed()
    {
        var broker = new CoreBroker(bound: new PendingBound(1 << 20, 2));
        var (publisher, subscriber) = (broker.Connect(), broker.Connect());
        for (var i = 1; i <= 5; i++) publisher.Send(Frames.Retained($"s.{i}", $"{i}"));
        subscriber.Send(Frames.Subscribe(1, "s.*", new SubscribeOptions { Credit = 0 }));
        publisher.Send(Frames.Publish("other", "x"));
        Assert.False(publisher.IsHeldBack);
        subscriber.Send(Frames.Credit(1, 100));
        Assert.Equal("1:retained 1 1:retained 2 1:retained 3 1:retained 4 1:retained 5", subscriber.Log());
    }

    [Fact]
    public void When_the_store_is_full_the_publisher_is_told_once_a_run_and_everything_is_routed()
    {
        var broker = new CoreBroker(retained: new RetainedBounds(1, 10_000));
        var (publisher, subscriber, late) = (broker.Connect(), broker.Connect(), broker.Connect());
        subscriber.Send(Frames.Subscribe(1, ">"));
        publisher.Send(Frames.Join(Frames.Retained("a", "1"), Frames.Retained("b", "2"), Frames.Retained("b", "3"), Frames.Publish("b", "4")));

        Assert.Equal("1:1 1:2 1:3 1:4", subscriber.Log());
        var error = Assert.Single(Received.Parse(publisher.Socket.TakeReceived()).Errors);
        Assert.Equal((ErrorCode.RetainedFull, "b"), (error.Code, error.Context!["subject"]));
        Assert.Contains("at most 1 of 10000 bytes", error.Message, StringComparison.Ordinal);
        late.Send(Frames.Subscribe(1, ">"));
        Assert.Equal("1:retained 1", late.Log());
    }

    [Fact]
    public void Expired_values_are_not_given_to_later_subscriptions()
    {
        var (publisher, early, late) = (_broker.Connect(), _broker.Connect(), _broker.Connect());
        publisher.Send(Frames.Publish("a", "1", (KnownHeaders.Retain, "1"), (KnownHeaders.Expires, "50")), Frames.Retained("b", "2"));
        _broker.Clock.Advance(49);
        early.Send(Frames.Subscribe(1, ">", new SubscribeOptions { Credit = 0 }));
        _broker.Clock.Advance(1);
        late.Send(Frames.Subscribe(1, ">"));
        early.Send(Frames.Credit(1, 10));
        Assert.Equal("1:retained 2", late.Log());
        Assert.Equal("1:missed 1 (1 expired) 1:retained 2", early.Log());
    }

    [Theory]
    [InlineData("a", KnownHeaders.Retain, "yes")]
    [InlineData("a", KnownHeaders.Retain, "")]
    [InlineData("a", KnownHeaders.Expires, "5s")]
    [InlineData("a", KnownHeaders.Expires, "-1")]
    [InlineData("a", KnownHeaders.Expires, "")]
    [InlineData("a", KnownHeaders.Delay, "1.5")]
    [InlineData("a", KnownHeaders.Delay, "1000001")]
    [InlineData("a", KnownHeaders.Delay, "9999999999999999999")]
    [InlineData("_INBOX.0190163d-8694-739b-aea5-966c26f8ad91.x", KnownHeaders.Retain, "1")]
    public void A_header_that_cannot_be_read_or_granted_refuses_its_message_alone(string subject, string name, string value)
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        subscriber.Send(Frames.Subscribe(1, "a"));
        publisher.Send(Frames.Join(Frames.Publish("a", "1"), Frames.Publish(subject, "2", (name, value)), Frames.Publish("a", "3", ("x", "y")), Frames.Ping(1)));

        Assert.Equal("1:1 1:3", subscriber.Log());
        var received = Received.Parse(publisher.Socket.TakeReceived());
        var error = Assert.Single(received.Errors);
        Assert.Equal((ErrorCode.BadHeader, subject), (error.Code, error.Context!["subject"]));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Equal(new Receipt(2, 2, 0), Assert.Single(received.Pongs).Receipt);
    }

    [Fact]
    public void Headers_that_the_broker_does_not_know_and_a_second_of_a_name_mean_nothing()
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        publisher.Send(Frames.Publish("a", "1", ("Udsb-Future", "x"), ("Udsb-Error", "y"), ("udsb-retain", "1")));
        subscriber.Send(Frames.Subscribe(1, "a"));
        Assert.Equal("", subscriber.Log());
        Assert.Empty(Received.Parse(publisher.Socket.TakeReceived()).Errors);
    }

    [Fact]
    public void Messages_of_one_run_stay_in_order_whatever_their_headers_are()
    {
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        subscriber.Send(Frames.Subscribe(1, "a"));
        publisher.Send(Frames.Join(
            Frames.Publish("a", "1"),
            Frames.Retained("a", "2"),
            Frames.Publish("a", "3", ("x", "y")),
            Frames.Publish("a", "4", ("x", "Udsb-")),
            Frames.Publish("a", "5", (KnownHeaders.Expires, "1000")),
            Frames.Publish("a", "6")));
        Assert.Equal("1:1 1:2 1:3 1:4 1:5 1:6", subscriber.Log());
        Assert.Equal(new Receipt(6, 6, 0), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void A_subscription_that_begins_between_two_messages_of_one_buffer_gets_all_after_its_retained_value()
    {
        // The publisher works on a snapshot without the subscription, which then begins; the next retained message shows it the newer one.
        var (publisher, subscriber) = (_broker.Connect(), _broker.Connect());
        publisher.Send(Frames.Retained("a", "1"));
        subscriber.Send(Frames.Subscribe(1, "a"));
        publisher.Send(Frames.Join(Frames.Retained("a", "2"), Frames.Publish("a", "3")));
        Assert.Equal("1:retained 1 1:2 1:3", subscriber.Log());
    }
}
