using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Sessions;

/// <summary>UNSUBSCRIBE with the option drain: nothing new, all that waits, and then the end.</summary>
public class DrainTests
{
    private readonly CoreBroker _broker = new();

    [Fact]
    public void What_waits_is_sent_as_credit_allows_and_the_end_is_reported_after_it()
    {
        var (publisher, subscriber) = Start(new SubscribeOptions { Credit = 1 });
        Publish(publisher, "1", "2", "3");

        subscriber.Send(Frames.Join(Frames.Drain(1), Frames.Ping(1)));
        publisher.Resume();
        Publish(publisher, "4");
        Assert.Equal("1:1", subscriber.Log());
        subscriber.Send(Frames.Credit(1, 1));
        Assert.Equal("1:2", subscriber.Log());
        subscriber.Send(Frames.Credit(1, 100));

        Assert.Equal("1:3 1:end", subscriber.Log());
        Assert.Equal(new Receipt(4, 3, 0), publisher.Account.TakeReceipt());
    }

    [Fact]
    public void Where_nothing_waits_the_end_is_reported_at_once_and_the_sid_is_free_again()
    {
        var (publisher, subscriber) = Start(SubscribeOptions.None);
        Publish(publisher, "1");

        subscriber.Send(Frames.Join(Frames.Drain(1), Frames.Subscribe(1, "s")));
        Publish(publisher, "2");

        Assert.Equal("1:1 1:end 1:2", subscriber.Log());
    }

    [Fact]
    public void The_sid_is_in_use_until_the_end_and_a_second_drain_changes_nothing()
    {
        var (publisher, subscriber) = Start(new SubscribeOptions { Credit = 0 });
        Publish(publisher, "1");

        subscriber.Send(Frames.Join(Frames.Drain(1), Frames.Drain(1), Frames.Subscribe(1, "s")));
        Assert.Equal(ErrorCode.DuplicateSid, Assert.Single(Received.Parse(subscriber.Socket.TakeReceived()).Errors).Code);
        subscriber.Send(Frames.Credit(1, 1));
        subscriber.HandleEnded();

        Assert.Equal("1:1 1:end", subscriber.Log());
        subscriber.Send(Frames.Drain(1));
        Assert.Equal(ErrorCode.UnknownSid, Assert.Single(Received.Parse(subscriber.Socket.TakeReceived()).Errors).Code);
    }

    [Fact]
    public void No_publisher_waits_for_a_subscription_that_is_drained()
    {
        var (publisher, subscriber) = Start(new SubscribeOptions { Credit = 0 });
        Publish(publisher, "1", "2");
        Assert.True(publisher.IsHeldBack);

        subscriber.Send(Frames.Drain(1));

        Assert.False(publisher.IsHeldBack);
        subscriber.Send(Frames.Credit(1, 2));
        Assert.Equal("1:1 1:2 1:end", subscriber.Log());
    }

    [Fact]
    public void No_publisher_waits_for_a_subscription_that_has_its_maximum()
    {
        var (publisher, subscriber) = Start(new SubscribeOptions { Credit = 0 });
        subscriber.Send(Frames.Unsubscribe(1, 3));
        Publish(publisher, "1", "2");
        Assert.True(publisher.IsHeldBack);
        var other = _broker.Connect();

        Publish(other, "3", "4");

        Assert.False(other.IsHeldBack);
        Assert.False(publisher.IsHeldBack);
        subscriber.Send(Frames.Credit(1, 10));
        Assert.Equal("1:1 1:2 1:3", subscriber.Log());
    }

    [Fact]
    public void A_gap_at_the_end_is_reported_before_the_end()
    {
        var broker = new CoreBroker(bound: new PendingBound(1 << 10, 2));
        var (publisher, subscriber) = Start(broker, new SubscribeOptions { Credit = 0, Overflow = OverflowPolicy.DropNewest });
        Publish(publisher, "1", "2", "3");

        subscriber.Send(Frames.Join(Frames.Drain(1), Frames.Credit(1, 2)));

        Assert.Equal("1:1 1:2 1:missed 1 1:end", subscriber.Log());
    }

    [Fact]
    public void An_unsubscribe_at_once_ends_a_drain_and_reports_only_the_gap()
    {
        var (publisher, subscriber) = Start(new SubscribeOptions { Credit = 0 });
        Publish(publisher, "1", "2");

        subscriber.Send(Frames.Join(Frames.Drain(1), Frames.Unsubscribe(1)));

        Assert.Equal("1:missed 2", subscriber.Log());
        Assert.Equal(2ul, publisher.Account.TakeReceipt().Dropped);
    }

    [Fact]
    public void The_end_of_the_connection_ends_a_drain_and_reports_the_gap_and_the_end()
    {
        var (publisher, subscriber) = Start(new SubscribeOptions { Credit = 0 });
        Publish(publisher, "1");
        subscriber.Send(Frames.Drain(1));

        subscriber.Outbox.Drain(Frames.Goodbye("the end"));
        subscriber.Write();

        Assert.Equal("1:missed 1 1:end", subscriber.Log());
        Assert.True(subscriber.IsDrained);
    }

    private (CoreConnection Publisher, CoreConnection Subscriber) Start(SubscribeOptions options) => Start(_broker, options);

    private static (CoreConnection Publisher, CoreConnection Subscriber) Start(CoreBroker broker, SubscribeOptions options)
    {
        var (publisher, subscriber) = (broker.Connect(), broker.Connect());
        subscriber.Send(Frames.Subscribe(1, "s", options));
        return (publisher, subscriber);
    }

    private static void Publish(CoreConnection publisher, params string[] payloads) =>
        publisher.Send(Frames.Join(payloads.Select(payload => Frames.Publish("s", payload))));
}
