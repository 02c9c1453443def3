using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>Subscriptions that end without losing anything.</summary>
public class DrainTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_drain_asks_for_all_that_waits_and_ends_after_the_broker_s_report()
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

    [Fact]
    public async Task A_subscription_that_the_broker_takes_away_ends_its_drain_with_the_reason()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, "a");
        Task draining = subscription.DrainAsync(Token).AsTask();
        await peer.ExpectAsync(FrameKind.Credit);
        await peer.ExpectAsync(FrameKind.Unsubscribe);
        await peer.SendAsync(Wire.Error(ErrorCode.NotAllowed, "not any more", ("sid", $"{subscription.Sid}")));
        await peer.AnswerFenceAsync();

        Assert.Equal(ErrorCode.NotAllowed, (await Assert.ThrowsAsync<SubscriptionRefusedException>(() => draining.WaitAsync(Patience, Token))).Code);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_drain_while_away_says_that_what_the_broker_held_is_lost()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, "a");
        await peer.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a", "1")));
        await subscription.WaitToReadAsync(Token);
        await LoseAsync(client, peer);

        ConnectionLostException lost = await Assert.ThrowsAsync<ConnectionLostException>(() => subscription.DrainAsync(Token).AsTask());
        Assert.Contains("'a'", lost.Message, StringComparison.Ordinal);
        Assert.Equal("1", Text.Of(await subscription.ReadAsync(Token)));
        Assert.False(await subscription.WaitToReadAsync(Token));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_drain_of_the_client_lets_the_handlers_of_its_services_answer()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { DrainTimeout = Patience });
        TaskCompletionSource begun = new(), go = new();
        Task<Service> serving = client.ServeAsync(
            "slow",
            async (request, _) =>
            {
                begun.TrySetResult();
                await go.Task;
                return request.Payload;
            },
            cancellationToken: Token).AsTask();
        uint sid = (await peer.AcceptSubscriptionAsync()).Sid;
        await serving;
        await peer.SendAsync(Wire.Deliver(sid, Wire.Publish("slow", "x", reply: "answer")));
        await begun.Task.WaitAsync(Patience, Token);

        Task draining = client.DrainAsync(Token).AsTask();
        await peer.ExpectAsync(FrameKind.Credit); // for all that waits
        SentFrame end = (await peer.ReadAsync())!;
        if (end.Kind == FrameKind.Credit) end = (await peer.ReadAsync())!; // the first was for what had been read
        Assert.Equal(FrameKind.Unsubscribe, end.Kind);
        await peer.AnswerFenceAsync();
        await peer.SendAsync(Wire.Drained(sid), Wire.Ping(1));
        await peer.ExpectAsync(FrameKind.Pong);
        go.SetResult();

        SentFrame answer = await peer.ExpectAsync(FrameKind.Publish);
        Assert.Equal(("answer", "x"), (answer.Subject, answer.Payload));
        await peer.AnswerFenceAsync();
        await peer.AnswerFenceAsync();
        await peer.ExpectAsync(FrameKind.Goodbye);
        await draining.WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task What_was_published_while_away_goes_out_before_a_drain_is_done()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { DrainTimeout = Patience });
        await LoseAsync(client, peer);
        await client.PublishAsync("a", Text.Bytes("taken"), cancellationToken: Token);

        Task draining = client.DrainAsync(Token).AsTask();

        using FakePeer next = await broker.WelcomeAsync();
        Assert.Equal("taken", (await next.ExpectAsync(FrameKind.Publish)).Payload);
        await next.AnswerFenceAsync(new Receipt(1, 0, 0));
        await next.ExpectAsync(FrameKind.Goodbye);
        await draining.WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task What_could_not_be_sent_before_the_end_is_counted_in_the_exception_of_the_drain_and_in_the_event()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        await LoseAsync(client, peer);
        for (int i = 0; i < 3; i++) await client.PublishAsync("a", Text.Bytes($"{i}"), cancellationToken: Token);
        TaskCompletionSource<DisconnectedEvent> told = new();
        client.Disconnected += told.SetResult;

        ConnectionLostException lost = await Assert.ThrowsAsync<ConnectionLostException>(() => client.DrainAsync(Token).AsTask());

        Assert.Equal((CloseReason.ClientClosed, 0, 3), (lost.Reason, lost.PublishesInDoubt, lost.PublishesDropped));
        Assert.Contains("3 publishes", lost.Message, StringComparison.Ordinal);
        DisconnectedEvent end = await told.Task.WaitAsync(Patience, Token);
        Assert.Equal((CloseReason.ClientClosed, false, 0, 3), (end.Reason, end.WillReconnect, end.PublishesInDoubt, end.PublishesDropped));
    }

    [Fact]
    public async Task A_client_that_gives_up_counts_what_it_never_sent()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { Reconnect = new ReconnectOptions { MinDelay = TimeSpan.Zero, MaxAttempts = 1 } });
        await LoseAsync(client, peer);
        TaskCompletionSource<DisconnectedEvent> told = new();
        client.Disconnected += told.SetResult;
        await client.PublishAsync("a", Text.Bytes("x"), cancellationToken: Token);
        using (await broker.AcceptAsync())
        {
            // No WELCOME: the one attempt fails.
        }

        DisconnectedEvent end = await told.Task.WaitAsync(Patience, Token);

        Assert.Equal((false, 0, 1), (end.WillReconnect, end.PublishesInDoubt, end.PublishesDropped));
        Assert.IsType<ConnectFailedException>(end.Exception);
        await client.DisposeAsync();
    }

    private static async Task LoseAsync(UdsBrokerClient client, FakePeer peer)
    {
        TaskCompletionSource away = new();
        void OnDisconnected(DisconnectedEvent _) => away.TrySetResult();
        client.Disconnected += OnDisconnected;
        peer.Dispose();
        await away.Task.WaitAsync(Patience, Token);
        client.Disconnected -= OnDisconnected;
    }
}
