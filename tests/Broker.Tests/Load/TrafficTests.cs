using UdsBroker.Broker.Load;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Load;

/// <summary>The counts of the broker as a whole: they equal the receipts of all publishers, and give a reason for each drop.</summary>
public class TrafficTests
{
    private readonly CoreBroker _broker = new();

    [Fact]
    public void Messages_deliveries_and_bytes_are_counted_as_the_receipts_of_all_publishers_count_them()
    {
        var (one, other) = (_broker.Connect(), _broker.Connect());
        one.Send(Frames.Subscribe(1, "a"), Frames.Subscribe(2, ">"));
        var (received, sent) = (_broker.Traffic.BytesReceived, _broker.Traffic.BytesSent);
        one.Socket.TakeReceived();

        byte[] toTwo = Frames.Publish("a", "1"), toOne = Frames.Publish("b", "22"), toNobody = Frames.Publish("$x", "333");
        other.Send(Frames.Join(toTwo, toOne, toNobody, toTwo));

        Assert.Equal((4, 5), (_broker.Traffic.Published, _broker.Traffic.Matched));
        Assert.Equal(received + (2 * toTwo.Length) + toOne.Length + toNobody.Length, _broker.Traffic.BytesReceived);
        Assert.Equal(sent + one.Socket.TakeReceived().Length, _broker.Traffic.BytesSent);
    }

    [Fact]
    public void The_messages_of_a_buffer_are_counted_with_it_and_not_again_with_the_next()
    {
        var (one, other) = (_broker.Connect(), _broker.Connect());
        one.Send(Frames.Subscribe(1, "a"), Frames.Subscribe(2, ">"));
        other.Send(Frames.Join(Frames.Publish("a", "1"), Frames.Publish("b", "2")));
        other.Send(Frames.Publish("b", "3"));
        other.Send(Frames.Publish("$x", "4"));

        Assert.Equal((4, 4), (_broker.Traffic.Published, _broker.Traffic.Matched));
    }

    [Fact]
    public void A_refused_message_is_no_published_one()
    {
        var connection = _broker.Connect();
        connection.Send(Frames.Publish("$SYS.x", "1"), Frames.Publish("a..b", "1"));

        Assert.Equal(0, _broker.Traffic.Published);
    }

    [Fact]
    public void Each_drop_is_counted_for_its_reason()
    {
        var (subscriber, publisher) = (_broker.Connect(), _broker.Connect());
        subscriber.Send(
            Frames.Subscribe(1, "full", new SubscribeOptions { Credit = 0, Overflow = OverflowPolicy.Latest }),
            Frames.Subscribe(2, "left", new SubscribeOptions { Credit = 0 }),
            Frames.Subscribe(3, "lost", new SubscribeOptions { Credit = 0 }));
        publisher.Send(Frames.Join(Published("full", 4), Published("left", 2), Published("lost", 5)));

        subscriber.Send(Frames.Unsubscribe(2));
        subscriber.Close();

        Assert.Equal(3, _broker.Traffic.DroppedFor(DropReason.Overflow));
        Assert.Equal(2, _broker.Traffic.DroppedFor(DropReason.Unsubscribed));
        Assert.Equal(6, _broker.Traffic.DroppedFor(DropReason.ConnectionEnded));
    }

    private static byte[] Published(string subject, int count) => Frames.Join(Enumerable.Range(1, count).Select(i => Frames.Publish(subject, $"{i}")));
}
