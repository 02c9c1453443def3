using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>The broker keeps to its own limits, also to the least that it may have.</summary>
public class SmallLimitsTests
{
    [Fact]
    public void A_message_for_many_subscriptions_of_one_connection_comes_in_frames_within_the_least_limits()
    {
        var broker = new CoreBroker(limits: Limits.Floor with { MaxSubscriptions = 200 });
        var subscriber = broker.Connect();
        subscriber.Send([.. Enumerable.Range(1, 200).Select(sid => Frames.Subscribe((uint)sid, "a"))]);

        broker.Connect().Send(Frames.Publish("a", "x"));

        var bytes = subscriber.Socket.TakeReceived();
        Assert.Equal(Enumerable.Range(1, 200).Select(sid => $"{sid}:x"), Received.Parse(bytes).Deliveries.Select(delivery => delivery.ToString()));
        for (var at = 0; at < bytes.Length;)
        {
            Assert.Equal(ScanResult.Done, FrameScanner.Scan(bytes.AsSpan(at), broker.Limits, out var head));
            at += head.Length;
        }
    }
}
