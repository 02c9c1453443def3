using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

public class SlowReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reader_that_never_reads_does_not_stall_its_sibling_and_its_loss_is_counted()
    {
        const int Count = 20_000;
        await using RoutingBroker broker = new();
        await using UdsBrokerClient client = broker.NewClient();
        await using Subscription asleep = await client.SubscribeAsync("a", new SubscriptionOptions { PendingMessages = 100 }, Token);
        await using Subscription awake = await client.SubscribeAsync("a", cancellationToken: Token);
        Task publishing = Task.Run(async () =>
        {
            for (int i = 0; i < Count; i++) await client.PublishAsync("a", Text.Bytes($"{i}"), cancellationToken: Token);
        }, Token);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}"), await Text.ReadAsync(awake, Count));
        await publishing;

        Assert.Equal((ulong)Count - 100, asleep.MissedCount);
        Assert.Equal(100, asleep.PendingMessages);
        Message first = await asleep.ReadAsync(Token);
        Assert.Equal(($"{Count - 100}", (ulong)Count - 100), (Text.Of(first), first.MissedBefore));
        Assert.Equal(Enumerable.Range(Count - 99, 99).Select(i => $"{i}"), await Text.ReadAsync(asleep, 99));
    }

    [Fact]
    public async Task A_subscription_that_must_not_lose_ends_when_its_reader_is_too_slow()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, "a", new SubscriptionOptions { PendingMessages = 3, WhenFull = SlowReaderPolicy.End });
        await peer.SendAsync(
            Wire.Deliver(subscription.Sid, Wire.Publish("a", "1"), Wire.Publish("a", "2")), Wire.Deliver(subscription.Sid, Wire.Publish("a", "3"), Wire.Publish("a", "4")));
        await peer.ExpectAsync(FrameKind.Unsubscribe);
        Assert.Equal(["1", "2"], await Text.ReadAsync(subscription, 2));
        SlowReaderException error = await Assert.ThrowsAsync<SlowReaderException>(async () => await subscription.WaitToReadAsync(Token));
        Assert.Contains("2 messages", error.Message, StringComparison.Ordinal);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task What_this_client_drops_is_told_by_an_event_too()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, "a", new SubscriptionOptions { PendingMessages = 1 });
        TaskCompletionSource<MissedEvent> told = new();
        subscription.Missed += missed => told.TrySetResult(missed);
        await peer.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a", "1"), Wire.Publish("a", "2"), Wire.Publish("a", "3")));
        MissedEvent missed = await told.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
        Assert.Equal((subscription, 2ul, false), (missed.Subscription, missed.Count, missed.ByBroker));
        Assert.Equal("3", Text.Of(await subscription.ReadAsync(Token)));
        await client.DisposeAsync();
    }
}
