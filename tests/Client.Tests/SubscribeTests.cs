using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

public class SubscribeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Subscribing_completes_when_its_fence_is_passed()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        SubscriptionOptions options = new() { Queue = "q", Credit = 10, Overflow = OverflowPolicy.Latest, BrokerPendingBytes = 5000 };
        Task<Subscription> subscribing = client.SubscribeAsync("a.>", options, Token).AsTask();
        SentFrame subscribe = await peer.ExpectAsync(FrameKind.Subscribe);
        SentFrame ping = await peer.ExpectAsync(FrameKind.Ping);
        Assert.False(subscribing.IsCompleted);
        await peer.SendAsync(Wire.Pong(ping.Token, default(Receipt)));
        Subscription subscription = await subscribing;

        SubscribeCommand command = subscribe.Subscribe;
        Assert.Equal("a.>"u8.ToArray(), command.Pattern.ToArray());
        Assert.Equal(subscription.Sid, command.Sid);
        Assert.Equal(new SubscribeOptions { Queue = "q", Credit = 10, Overflow = OverflowPolicy.Latest, PendingBytes = 5000 }, command.Options);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_received_message_has_all_its_parts_and_its_own_memory()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeAsync(client, peer, "a.*");
        await peer.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a.b", "one", "r.s", new() { ["k"] = "v" }), Wire.Publish("a.b", "two")));
        Message one = await subscription.ReadAsync(Token);
        Message two = await subscription.ReadAsync(Token);
        await peer.SendAsync(Wire.Deliver(subscription.Sid, Enumerable.Repeat(Wire.Publish("a.b", "zzz"), 1000).ToArray()));
        await Text.ReadAsync(subscription, 1000);

        Assert.Equal(("a.b", "one", "r.s", Wire.SomeSender, 0ul), (one.Subject, Text.Of(one), one.Reply, one.Sender, one.MissedBefore));
        Assert.Equal("v", one.Headers["k"]);
        Assert.Single(one.Headers);
        Assert.Equal(("two", null), (Text.Of(two), two.Reply));
        Assert.Empty(two.Headers);
        Assert.Same(one.Subject, two.Subject);
        Assert.Same(subscription, two.Subscription);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Deliveries_cut_at_every_offset_are_the_same_messages()
    {
        byte[] run = Wire.Deliver(1, Wire.Publish("a", "first"), Wire.Publish("b", "second", "r"), Wire.Publish("b", "third"));
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeAsync(client, peer, ">");
        Assert.Equal(1u, subscription.Sid);
        for (int cut = 1; cut < run.Length; cut++)
        {
            await peer.SendAsync(run[..cut]);
            await peer.SendAsync(run[cut..]);
            Assert.Equal(["first", "second", "third"], await Text.ReadAsync(subscription, 3));
        }

        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_refused_subscription_is_a_typed_exception_and_others_live()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient client = broker.NewClient();
        SubscriptionRefusedException error = await Assert.ThrowsAsync<SubscriptionRefusedException>(() => client.SubscribeAsync("denied.x", cancellationToken: Token).AsTask());
        Assert.Equal((ErrorCode.NotAllowed, "denied.x"), (error.Code, error.Pattern));
        Assert.Contains("not for you", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FormatException>(() => client.SubscribeAsync("a.>.b", cancellationToken: Token).AsTask());
        await using Subscription good = await client.SubscribeAsync("good", cancellationToken: Token);
        await client.PublishAsync("good", Text.Bytes("1"), cancellationToken: Token);
        Assert.Equal("1", Text.Of(await good.ReadAsync(Token)));
    }

    [Fact]
    public async Task Await_foreach_reads_until_the_subscription_ends()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient client = broker.NewClient();
        await using Subscription subscription = await client.SubscribeAsync("a", cancellationToken: Token);
        for (int i = 0; i < 100; i++) await client.PublishAsync("a", Text.Bytes($"{i}"), cancellationToken: Token);
        List<string> texts = [];
        await foreach (Message message in subscription.WithCancellation(Token))
        {
            texts.Add(Text.Of(message));
            if (texts.Count == 50) await subscription.DrainAsync(Token);
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), texts);
        Assert.False(await subscription.WaitToReadAsync(Token));
        await Assert.ThrowsAsync<SubscriptionEndedException>(() => subscription.ReadAsync(Token).AsTask());
    }

    [Fact]
    public async Task A_limited_subscription_ends_by_itself_after_exactly_so_many()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient client = broker.NewClient();
        await using Subscription three = await client.SubscribeAsync("a", new SubscriptionOptions { MaxMessages = 3 }, Token);
        await using Subscription all = await client.SubscribeAsync("a", cancellationToken: Token);
        for (int i = 0; i < 10; i++) await client.PublishAsync("a", Text.Bytes($"{i}"), cancellationToken: Token);
        List<string> texts = [];
        await foreach (Message message in three.WithCancellation(Token)) texts.Add(Text.Of(message));
        Assert.Equal(["0", "1", "2"], texts);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), await Text.ReadAsync(all, 10));

        await all.UnsubscribeAsync(max: 2, Token);
        for (int i = 10; i < 20; i++) await client.PublishAsync("a", Text.Bytes($"{i}"), cancellationToken: Token);
        texts.Clear();
        await foreach (Message message in all.WithCancellation(Token)) texts.Add(Text.Of(message));
        Assert.Equal(["10", "11"], texts);
    }

    [Fact]
    public async Task After_unsubscribing_what_waits_can_be_read_and_what_still_comes_is_ignored()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeAsync(client, peer, "a");
        await peer.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a", "1"), Wire.Publish("a", "2")));
        Assert.True(await subscription.WaitToReadAsync(Token));
        await subscription.UnsubscribeAsync(cancellationToken: Token);
        UnsubscribeCommand command = (await peer.ExpectAsync(FrameKind.Unsubscribe)).Unsubscribe;
        Assert.Equal((subscription.Sid, (ulong?)null), (command.Sid, command.Max));
        await peer.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a", "late")), Wire.Error(ErrorCode.UnknownSid, "", ("sid", $"{subscription.Sid}")), Wire.Ping(1));
        await peer.ExpectAsync(FrameKind.Pong);
        Assert.Equal(["1", "2"], await Text.ReadAsync(subscription, 2));
        Assert.False(await subscription.WaitToReadAsync(Token));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Waiting_can_be_cancelled_and_done_again()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeAsync(client, peer, "a");
        for (int i = 0; i < 50; i++)
        {
            using CancellationTokenSource cancel = new();
            ValueTask<bool> waiting = subscription.WaitToReadAsync(cancel.Token);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        }

        Task<bool> first = subscription.WaitToReadAsync(Token).AsTask();
        Assert.Throws<InvalidOperationException>(() => { _ = subscription.WaitToReadAsync(Token).AsTask(); });
        await peer.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a", "1")));
        Assert.True(await first);
        Assert.True(subscription.TryRead(out Message message));
        Assert.Equal("1", Text.Of(message));
        Assert.False(subscription.TryRead(out _));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Missed_messages_count_towards_the_maximum_so_that_the_reader_finds_the_end()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeAsync(client, peer, "a");
        await subscription.UnsubscribeAsync(5, Token);
        await peer.SendAsync(
            Wire.Deliver(subscription.Sid, Wire.Publish("a", "1"), Wire.Publish("a", "2")),
            Wire.Missed(subscription.Sid, 3));

        List<string> read = [];
        await foreach (Message message in subscription.WithCancellation(Token)) read.Add(Text.Of(message));

        Assert.Equal(["1", "2"], read);
        Assert.Equal(3ul, subscription.MissedCount);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_gap_told_by_the_broker_is_at_its_place()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeAsync(client, peer, "a");
        TaskCompletionSource<MissedEvent> told = new();
        subscription.Missed += missed => told.TrySetResult(missed);
        await peer.SendAsync(
            Wire.Deliver(subscription.Sid, Wire.Publish("a", "1")),
            Wire.Missed(subscription.Sid, 5),
            Wire.Missed(subscription.Sid, 2, expired: 1),
            Wire.Deliver(subscription.Sid, Wire.Publish("a", "2"), Wire.Publish("a", "3")));
        List<ulong> gaps = [];
        for (int i = 0; i < 3; i++) gaps.Add((await subscription.ReadAsync(Token)).MissedBefore);
        Assert.Equal([0, 7, 0], gaps);
        Assert.Equal((7ul, 1ul), (subscription.MissedCount, subscription.ExpiredCount));
        Assert.True((await told.Task.WaitAsync(TimeSpan.FromSeconds(60), Token)).ByBroker);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Retained_messages_are_told_from_those_that_follow()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeAsync(client, peer, "a.*");
        await peer.SendAsync(
            Wire.Deliver([subscription.Sid], Wire.SomeSender, DeliverFlags.Retained, Wire.Publish("a.x", "1"), Wire.Publish("a.y", "2")),
            Wire.Deliver(subscription.Sid, Wire.Publish("a.x", "3")));
        List<string> read = [];
        while (read.Count < 3)
        {
            using MessageBatch batch = await subscription.ReadBatchAsync(Token);
            foreach (MessageView message in batch) read.Add($"{message.SubjectText} {Text.Of(message.ToMessage())} {message.IsRetained} {message.ToMessage().IsRetained}");
        }

        Assert.Equal(["a.x 1 True True", "a.y 2 True True", "a.x 3 False False"], read);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Who_wants_no_retained_messages_says_so()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        foreach (bool wanted in new[] { true, false })
        {
            Task<Subscription> subscribing = client.SubscribeAsync("a", new SubscriptionOptions { Retained = wanted }, Token).AsTask();
            Assert.Equal(wanted ? null : false, (await peer.AcceptSubscriptionAsync()).Options.Retained);
            await subscribing;
        }

        await client.DisposeAsync();
    }

    [Fact]
    public async Task Credit_is_given_again_when_half_of_it_was_read()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Task<Subscription> subscribing = client.SubscribeAsync("a", new SubscriptionOptions { Credit = 10 }, Token).AsTask();
        SubscribeCommand command = await peer.AcceptSubscriptionAsync();
        Assert.Equal(10ul, command.Options.Credit);
        Subscription subscription = await subscribing;
        await peer.SendAsync(Wire.Deliver(subscription.Sid, Enumerable.Range(0, 10).Select(i => Wire.Publish("a", $"{i}")).ToArray()));
        await Text.ReadAsync(subscription, 6);
        CreditCommand credit = (await peer.ExpectAsync(FrameKind.Credit)).Credit;
        Assert.Equal((subscription.Sid, 5ul), (credit.Sid, credit.Count));
        await client.DisposeAsync();
    }

    internal static async Task<Subscription> SubscribeAsync(UdsBrokerClient client, FakePeer peer, string pattern, SubscriptionOptions? options = null)
    {
        Task<Subscription> subscribing = client.SubscribeAsync(pattern, options, Token).AsTask();
        await peer.AcceptSubscriptionAsync();
        return await subscribing;
    }
}
