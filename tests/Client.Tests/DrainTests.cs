using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>Subscriptions that end without losing anything.</summary>
public class DrainTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_drain_asks_for_all_that_waits_and_ends_behind_the_broker_s_word()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, "a", new SubscriptionOptions { Credit = 1 });
        Task draining = subscription.DrainAsync(Token).AsTask();
        Assert.Equal(new CreditCommand(subscription.Sid, long.MaxValue), (await peer.ExpectAsync(FrameKind.Credit)).Credit);
        Assert.Equal(new UnsubscribeCommand(subscription.Sid, null, Drain: true), (await peer.ExpectAsync(FrameKind.Unsubscribe)).Unsubscribe);
        await peer.AnswerFenceAsync();
        await peer.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a", "1"), Wire.Publish("a", "2")));
        Message first = await subscription.ReadAsync(Token);
        Assert.False(draining.IsCompleted);

        await peer.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a", "3")), Wire.Drained(subscription.Sid));

        await draining;
        List<string> read = [Text.Of(first)];
        await foreach (Message message in subscription.WithCancellation(Token)) read.Add(Text.Of(message));
        Assert.Equal(["1", "2", "3"], read);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task From_the_drain_on_nothing_is_dropped_whatever_the_bounds()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, "a", new SubscriptionOptions { Credit = 0, PendingMessages = 2 });
        Task draining = subscription.DrainAsync(Token).AsTask();
        await peer.ExpectAsync(FrameKind.Unsubscribe);
        await peer.AnswerFenceAsync();
        byte[][] messages = [.. Enumerable.Range(0, 1000).Select(number => Wire.Publish("a", $"{number}"))];
        await peer.SendAsync(Wire.Deliver(subscription.Sid, messages), Wire.Drained(subscription.Sid));
        await draining;

        Assert.Equal(Enumerable.Range(0, 1000).Select(number => $"{number}"), await Text.ReadAsync(subscription, 1000));
        Assert.Equal(0ul, subscription.MissedCount);
        Assert.False(await subscription.WaitToReadAsync(Token));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_that_ends_before_all_has_come_fails_the_drain_and_the_subscription_does_not_come_back()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription drained = await SubscribeTests.SubscribeAsync(client, peer, "a");
        Subscription kept = await SubscribeTests.SubscribeAsync(client, peer, "b");
        Task draining = drained.DrainAsync(Token).AsTask();
        await peer.ExpectAsync(FrameKind.Credit);
        await peer.ExpectAsync(FrameKind.Unsubscribe);
        await peer.AnswerFenceAsync();
        await peer.SendAsync(Wire.Deliver(drained.Sid, Wire.Publish("a", "1")));
        Assert.Equal("1", Text.Of(await drained.ReadAsync(Token)));

        peer.Dispose();

        Assert.Contains("'a'", (await Assert.ThrowsAsync<ConnectionLostException>(() => draining)).Message, StringComparison.Ordinal);
        Assert.False(await drained.WaitToReadAsync(Token));
        FakePeer next = await broker.WelcomeAsync();
        Assert.Equal(kept.Sid, (await next.AcceptSubscriptionAsync()).Sid);
        await client.DisposeAsync();
    }
}
