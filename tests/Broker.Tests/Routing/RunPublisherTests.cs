using UdsBroker.Broker.Access;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>Frames that come from no connection's stream: to whom they go, whose they are, and that they wait for nobody.</summary>
public class RunPublisherTests
{
    private readonly CoreBroker _broker = new(bound: new PendingBound(1 << 20, 3));
    private readonly PublisherAccount _sender = new(new Guid("0190163d-8694-739b-aea5-966c26f8ad91"), PeerAccess.OfBroker, new Traffic());

    [Fact]
    public void A_frame_reaches_everybody_who_subscribes_as_from_its_sender()
    {
        var (one, other) = (_broker.Connect(), _broker.Connect());
        one.Send(Frames.Subscribe(1, "$SYS.news.>"), Frames.Subscribe(2, "$SYS.news.*"));
        other.Send(Frames.Subscribe(7, "$SYS.news.x"), Frames.Subscribe(8, ">"));

        Assert.Equal(3ul, NewPublisher().Publish(_sender, Frames.Publish("$SYS.news.x", "here")));

        var delivery = Assert.Single(Received.Parse(other.Socket.TakeReceived()).Deliveries);
        Assert.Equal((7u, _sender.Id, "here"), (delivery.Sid, delivery.Sender, delivery.Payload));
        Assert.Equal("1:here 2:here", one.Log());
        Assert.Equal(0, _broker.Pool.Leased);
    }

    [Fact]
    public void A_subscription_made_later_gets_the_next_frame()
    {
        var publisher = NewPublisher();
        Assert.Equal(0ul, publisher.Publish(_sender, Frames.Publish("s", "nobody")));
        var subscriber = _broker.Connect();
        subscriber.Send(Frames.Subscribe(1, "s"));

        Assert.Equal(1ul, publisher.Publish(_sender, Frames.Publish("s", "somebody")));
        Assert.Equal("1:somebody", subscriber.Log());
    }

    [Fact]
    public void A_blocking_subscription_drops_beyond_its_bound_because_nobody_can_wait()
    {
        var subscriber = _broker.Connect();
        subscriber.Send(Frames.Subscribe(1, "s", new SubscribeOptions { Credit = 0 }));
        var publisher = NewPublisher();
        for (var i = 1; i <= 5; i++) publisher.Publish(_sender, Frames.Publish("s", $"{i}"));
        subscriber.Send(Frames.Credit(1, 100));

        Assert.Equal("1:missed 2 1:3 1:4 1:5", subscriber.Log());
        Assert.Equal(new Receipt(0, 0, 2), _sender.TakeReceipt());
    }

    [Fact]
    public void A_frame_whose_subject_breaks_the_rules_goes_nowhere() =>
        Assert.Equal(0ul, NewPublisher().Publish(_sender, Frames.Publish("a..b", "x")));

    private RunPublisher NewPublisher() => new(_broker.Table, _broker.Pool, _broker.Limits);
}
