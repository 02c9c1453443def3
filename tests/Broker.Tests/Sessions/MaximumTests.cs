using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Sessions;

/// <summary>UNSUBSCRIBE after so many more messages, where these do not leave together.</summary>
public class MaximumTests
{
    [Fact]
    public void The_last_run_of_a_maximum_waits_for_credit_piece_by_piece_where_it_takes_several_packets()
    {
        var broker = new CoreBroker(maxPacket: 600);
        var (publisher, subscriber) = (broker.Connect(), broker.Connect());
        subscriber.Send(Frames.Join(Frames.Subscribe(1, "s", new SubscribeOptions { Credit = 3 }), Frames.Unsubscribe(1, 6)));

        publisher.Send(Frames.Join(Enumerable.Range(1, 8).Select(number => Frames.Publish("s", $"{number}" + new string('.', 200)))));
        subscriber.HandleEnded();
        subscriber.Send(Frames.Credit(1, 1));
        subscriber.Send(Frames.Credit(1, 1));
        subscriber.Send(Frames.Credit(1, 1));
        subscriber.HandleEnded();

        var received = Received.Parse(subscriber.Socket.TakeReceived());
        Assert.Equal(["1", "2", "3", "4", "5", "6"], received.Deliveries.Select(delivery => delivery.Payload.TrimEnd('.')));
        Assert.Empty(received.Errors);
        subscriber.Send(Frames.Credit(1, 1));
        Assert.Equal(ErrorCode.UnknownSid, Assert.Single(Received.Parse(subscriber.Socket.TakeReceived()).Errors).Code);
        Assert.Equal(6ul, publisher.Account.TakeReceipt().Matched);
    }
}
