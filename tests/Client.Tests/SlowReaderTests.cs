using System.Collections.Concurrent;
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
    public async Task What_waits_for_the_reader_is_counted_until_it_is_read_one_by_one_or_taken_as_a_batch()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, "a");
        byte[] message = Wire.Publish("a", "1");
        await peer.SendAsync(Wire.Deliver(subscription.Sid, message, message, message, message), Wire.Ping(1));
        await peer.ExpectAsync(FrameKind.Pong);
        Assert.Equal((4, 4 * message.Length), (subscription.PendingMessages, subscription.PendingBytes));

        Assert.True(subscription.TryRead(out _));

        Assert.Equal((3, 3 * message.Length), (subscription.PendingMessages, subscription.PendingBytes));
        Assert.True(subscription.TryReadBatch(out MessageBatch batch));
        Assert.Equal((0, 0), (subscription.PendingMessages, subscription.PendingBytes));
        batch.Dispose();
        Assert.Equal((0, 0), (subscription.PendingMessages, subscription.PendingBytes));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Gaps_of_the_broker_and_of_the_client_are_not_mixed_in_one_event()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, "a", new SubscriptionOptions { Credit = 0, PendingMessages = 1 });
        using ManualResetEventSlim goOn = new();
        client.ErrorReceived += _ => goOn.Wait(Token);
        ConcurrentQueue<(ulong, bool, ulong)> told = new();
        TaskCompletionSource done = new();
        subscription.Missed += missed =>
        {
            told.Enqueue((missed.Count, missed.ByBroker, missed.Expired));
            if (told.Count == 2) done.SetResult();
        };
        await peer.SendAsync(
            Wire.Error(ErrorCode.NotAllowed, "keeps the handlers busy"),
            Wire.Deliver(subscription.Sid, Wire.Publish("a", "1"), Wire.Publish("a", "2"), Wire.Publish("a", "3")),
            Wire.Missed(subscription.Sid, 5, 4),
            Wire.Ping(1));
        await peer.ExpectAsync(FrameKind.Pong);

        goOn.Set();

        await done.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
        Assert.Equal([(5ul, true, 4ul), (2ul, false, 0ul)], told.ToArray());
        await client.DisposeAsync();
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

    [Fact]
    public async Task What_was_missed_is_told_again_after_the_handlers_were_so_far_behind_that_events_were_forgotten()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        using ManualResetEventSlim go = new();
        TaskCompletionSource entered = new();
        client.ErrorReceived += _ =>
        {
            entered.TrySetResult();
            go.Wait();
        };
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, "a", new SubscriptionOptions { Credit = 0 });
        ulong told = 0;
        TaskCompletionSource all = new();
        subscription.Missed += missed =>
        {
            told += missed.Count;
            if (told == 6) all.TrySetResult();
        };
        await peer.SendAsync(Wire.Error(ErrorCode.NotAllowed, "first"));
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
        await peer.SendAsync([Wire.Missed(subscription.Sid, 1), .. Enumerable.Range(0, 2000).Select(_ => Wire.Error(ErrorCode.NotAllowed, "no"))]);
        await peer.SendAsync(Wire.Missed(subscription.Sid, 5), Wire.Ping(1));
        await peer.ExpectAsync(FrameKind.Pong);

        go.Set();

        await all.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
        Assert.Equal(6ul, subscription.MissedCount);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_with_a_credit_of_one_is_given_one_message_at_a_time_also_across_a_reconnect()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, "a", new SubscriptionOptions { Credit = 1 });
        await peer.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a", "1")));
        Assert.Equal("1", Text.Of(await subscription.ReadAsync(Token)));

        peer.Dispose();
        using FakePeer next = await broker.WelcomeAsync();
        Assert.Equal(0ul, (await next.AcceptSubscriptionAsync()).Options.Credit);
        Task<Message> second = subscription.ReadAsync(Token).AsTask();
        Assert.Equal(new CreditCommand(subscription.Sid, 1), (await next.ExpectAsync(FrameKind.Credit)).Credit);
        await next.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a", "2")), Wire.Ping(1));
        Assert.Equal("2", Text.Of(await second));

        // While it works on the second, nothing but the answer to the PING comes.
        await next.ExpectAsync(FrameKind.Pong);
        await next.SendAsync(Wire.Ping(2));
        await next.ExpectAsync(FrameKind.Pong);
        Assert.False(subscription.TryRead(out _));
        Assert.Equal(new CreditCommand(subscription.Sid, 1), (await next.ExpectAsync(FrameKind.Credit)).Credit);
        await client.DisposeAsync();
    }
}
