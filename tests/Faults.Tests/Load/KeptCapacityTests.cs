using UdsBroker.Broker.Load;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// P17: what a connection needs once and much of is not kept for as long as it lives. No meter charges the capacity of tables and lists, so that a peer could have every
/// connection it may have fill one once, by a few bytes that lead to all of its subscriptions.
/// </summary>
[Collection(Alone.Name)]
public sealed class KeptCapacityTests
{
    private const int Connections = 40;
    private const int MostKept = 32 << 10;

    private readonly CoreBroker _broker = new(
        slabBytes: 128 << 10, highWatermark: 1 << 20, lowWatermark: 1 << 18, retained: new RetainedBounds(20_000, 1 << 24),
        users: new UserLimits(1000, 1_000_000, 1L << 40, 0) { MaxRouteBytes = 64 << 10 });

    [Fact]
    public void A_publisher_whose_message_led_to_many_subscriptions_keeps_none_of_that()
    {
        CoreConnection[] subscribers = [_broker.Connect(uid: 1), _broker.Connect(uid: 1)];
        foreach (var subscriber in subscribers) subscriber.Send(Frames.Join(Enumerable.Range(1, 10_000).Select(sid => Frames.Subscribe((uint)sid, "a"))));

        Check(publisher =>
        {
            publisher.Send(Frames.Publish("a", ""));
            foreach (var subscriber in subscribers) Assert.Equal(10_000, Received.Parse(subscriber.Socket.TakeReceived()).Deliveries.Count);
        });
    }

    [Fact]
    public void A_connection_that_had_many_subscriptions_keeps_no_room_for_them()
    {
        Check(connection =>
        {
            connection.Send(Frames.Join(Enumerable.Range(1, 10_000).Select(sid => Frames.Subscribe((uint)sid, "b"))));
            connection.Send(Frames.Join(Enumerable.Range(1, 9_999).Select(sid => Frames.Unsubscribe((uint)sid))));
        });
        Assert.Equal(Connections + 1, _broker.Table.Current.ClientCount);
    }

    [Fact]
    public void A_publisher_to_many_subjects_keeps_no_room_for_them_when_they_have_to_be_looked_up_anew()
    {
        var other = _broker.Connect(uid: 1);
        var changes = 0u;
        Check(publisher =>
        {
            publisher.Send(Frames.Join(Enumerable.Range(0, 10_000).Select(i => Frames.Publish($"{i}", ""))));
            other.Send(Frames.Subscribe(++changes, "b"));
            publisher.Send(Frames.Publish("a", ""));
        });
    }

    [Fact]
    public void A_subscription_that_was_sent_nearly_all_that_is_retained_keeps_no_room_for_it()
    {
        var publisher = _broker.Connect(uid: 1);
        for (var i = 0; i < 10_000; i++) publisher.Send(Frames.Publish($"kept.{i}", "x", (KnownHeaders.Retain, "1"), (KnownHeaders.Expires, "100000")));
        Assert.Equal(10_000, _broker.Kept.Retained.Kept.Messages);
        Check(subscriber =>
        {
            subscriber.Send(Frames.Subscribe(1, "kept.>", new SubscribeOptions { Credit = 0 }));
            for (var left = 9_999; left > 0; left -= 99)
            {
                subscriber.Send(Frames.Credit(1, 99));
                Assert.Equal(99, Received.Parse(subscriber.Socket.TakeReceived()).Deliveries.Count);
            }
        });
    }

    // What each of many connections holds when it has done it, once one has warmed up what all of them share.
    private void Check(Action<CoreConnection> use)
    {
        use(_broker.Connect(uid: 2));
        var connections = Enumerable.Range(0, Connections).Select(_ => _broker.Connect(uid: 2)).ToArray();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var connection in connections)
        {
            use(connection);
            connection.Socket.TakeReceived();
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Connections;
        Campaign.Begin("capacity kept by a connection", inCi: 1, whenLong: 1).Say($"{each} bytes");
        Assert.InRange(each, long.MinValue, MostKept);
        GC.KeepAlive(connections);
    }
}
