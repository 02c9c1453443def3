using System.Net.Sockets;
using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

public class ReconnectTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_cut_the_client_comes_back_and_subscribes_again_under_the_same_numbers()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Events events = new(client);
        Subscription one = await SubscribeTests.SubscribeAsync(client, peer, "one");
        Subscription two = await SubscribeTests.SubscribeAsync(client, peer, "two.>", new SubscriptionOptions { Queue = "q" });
        Subscription gone = await SubscribeTests.SubscribeAsync(client, peer, "gone");
        await gone.DisposeAsync();
        await peer.ExpectAsync(FrameKind.Unsubscribe);
        await peer.SendAsync(Wire.Deliver(one.Sid, Wire.Publish("one", "before")));
        peer.Dispose();

        using FakePeer next = await broker.WelcomeAsync(Wire.Welcome(Guid.Parse("01920000-0000-7000-8000-000000000002")));
        SubscribeCommand again = (await next.ExpectAsync(FrameKind.Subscribe)).Subscribe;
        Assert.Equal((one.Sid, "one"), (again.Sid, System.Text.Encoding.UTF8.GetString(again.Pattern.Span)));
        again = (await next.ExpectAsync(FrameKind.Subscribe)).Subscribe;
        Assert.Equal((two.Sid, "q"), (again.Sid, again.Options.Queue));
        Assert.False(client.IsConnected);
        await next.AnswerFenceAsync();
        ConnectedEvent connected = await events.ConnectedAsync();
        Assert.True(connected.IsReconnect);
        Assert.Equal(connected.Server.Id, client.Id);
        DisconnectedEvent disconnected = await events.DisconnectedAsync();
        Assert.Equal((CloseReason.PeerGone, true), (disconnected.Reason, disconnected.WillReconnect));

        await next.SendAsync(Wire.Deliver(one.Sid, Wire.Publish("one", "after")));
        Assert.Equal(["before", "after"], await Text.ReadAsync(one, 2));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_whose_broker_has_stopped_receiving_ends_after_what_it_had_sent_is_read()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Events events = new(client);
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, "a");
        peer.Socket.Shutdown(SocketShutdown.Receive);
        await peer.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a", "before")));

        await client.PublishAsync("b", default, cancellationToken: Token);

        Assert.Equal(CloseReason.PeerGone, (await events.DisconnectedAsync()).Reason);
        Assert.Equal("before", Text.Of(await subscription.ReadAsync(Token)));
        using FakePeer next = await broker.WelcomeAsync();
        Assert.Equal(subscription.Sid, (await next.AcceptSubscriptionAsync()).Sid);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Publishes_made_while_away_are_sent_on_the_next_connection_in_their_order()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Events events = new(client);
        peer.Dispose();
        await events.DisconnectedAsync();
        for (int i = 0; i < 1000; i++) await client.PublishAsync("away", Text.Bytes($"{i}"), cancellationToken: Token);
        using FakePeer next = await broker.WelcomeAsync();
        for (int i = 0; i < 1000; i++) Assert.Equal($"{i}", (await next.ExpectAsync(FrameKind.Publish)).Payload);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Publishes_made_while_away_are_bounded()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { WriteBufferBytes = 4096, MaxBufferedPublishBytes = 10_000 });
        Events events = new(client);
        peer.Dispose();
        await events.DisconnectedAsync();
        int taken = 0;
        PublishBufferFullException error = await Assert.ThrowsAsync<PublishBufferFullException>(async () =>
        {
            while (true)
            {
                await client.PublishAsync("away", new byte[1000], cancellationToken: Token);
                taken++;
            }
        });
        Assert.Equal(9, taken);
        Assert.Contains("10000", error.Message, StringComparison.Ordinal);
        Assert.Contains("away", error.Message, StringComparison.Ordinal);
        using FakePeer next = await broker.WelcomeAsync();
        for (int i = 0; i < taken; i++) await next.ExpectAsync(FrameKind.Publish);
        await client.PublishAsync("back", default, cancellationToken: Token);
        Assert.Equal("back", (await next.ExpectAsync(FrameKind.Publish)).Subject);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_subscription_under_way_when_the_connection_is_lost_is_made_on_the_next()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Task<Subscription> subscribing = client.SubscribeAsync("a", cancellationToken: Token).AsTask();
        await peer.ExpectAsync(FrameKind.Subscribe);
        peer.Dispose();
        using FakePeer next = await broker.WelcomeAsync();
        await next.AcceptSubscriptionAsync();
        await next.AnswerFenceAsync();
        Subscription subscription = await subscribing;
        await next.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a", "1")));
        Assert.Equal("1", Text.Of(await subscription.ReadAsync(Token)));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_subscription_that_is_refused_on_the_next_connection_ends_with_the_reason()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Events events = new(client);
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, "a");
        await peer.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a", "last")));
        await subscription.WaitToReadAsync(Token);
        peer.Dispose();
        using FakePeer next = await broker.WelcomeAsync();
        await next.ExpectAsync(FrameKind.Subscribe);
        await next.SendAsync(Wire.Error(ErrorCode.NotAllowed, "no more", ("sid", $"{subscription.Sid}")));
        await next.AnswerFenceAsync();
        await events.ConnectedAsync();
        Assert.Equal("last", Text.Of(await subscription.ReadAsync(Token)));
        SubscriptionRefusedException error = await Assert.ThrowsAsync<SubscriptionRefusedException>(async () => await subscription.WaitToReadAsync(Token));
        Assert.Equal(ErrorCode.NotAllowed, error.Code);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_limited_subscription_asks_only_for_the_rest_after_a_reconnect()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Task<Subscription> subscribing = client.SubscribeAsync("a", new SubscriptionOptions { MaxMessages = 5 }, Token).AsTask();
        await peer.ExpectAsync(FrameKind.Subscribe);
        Assert.Equal(5ul, (await peer.ExpectAsync(FrameKind.Unsubscribe)).Unsubscribe.Max);
        await peer.AnswerFenceAsync();
        Subscription subscription = await subscribing;
        await peer.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a", "1"), Wire.Publish("a", "2")));
        await Text.ReadAsync(subscription, 2);
        peer.Dispose();
        using FakePeer next = await broker.WelcomeAsync();
        await next.ExpectAsync(FrameKind.Subscribe);
        Assert.Equal(3ul, (await next.ExpectAsync(FrameKind.Unsubscribe)).Unsubscribe.Max);
        await client.DisposeAsync();
    }

    [Theory]
    [InlineData(CloseReason.Kicked)]
    [InlineData(CloseReason.NotAllowed)]
    public async Task A_client_that_was_sent_away_does_not_come_back(CloseReason reason)
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Events events = new(client);
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, "a");
        await peer.SendAsync(Wire.Goodbye(reason, "out"));
        DisconnectedEvent disconnected = await events.DisconnectedAsync();
        Assert.Equal((reason, false), (disconnected.Reason, disconnected.WillReconnect));
        ConnectionLostException error = await Assert.ThrowsAsync<ConnectionLostException>(async () => await subscription.WaitToReadAsync(Token));
        Assert.Equal(reason, error.Reason);
        await Assert.ThrowsAsync<ConnectionLostException>(async () => await client.PublishAsync("a", default, cancellationToken: Token));
        await Assert.ThrowsAsync<ConnectionLostException>(async () => await client.ConnectAsync(Token));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Without_reconnect_a_lost_connection_ends_the_client()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { Reconnect = new ReconnectOptions { Enabled = false } });
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, "a");
        await peer.SendAsync([0x01]);
        ConnectionLostException error = await Assert.ThrowsAsync<ConnectionLostException>(async () => await subscription.WaitToReadAsync(Token));
        Assert.Equal(CloseReason.Violation, error.Reason);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_client_gives_up_after_so_many_attempts()
    {
        RoutingBroker broker = new();
        ReconnectOptions few = new() { MinDelay = TimeSpan.Zero, MaxDelay = TimeSpan.FromMilliseconds(1), MaxAttempts = 3 };
        await using UdsBrokerClient client = new(broker.Options with { Reconnect = few });
        Subscription subscription = await client.SubscribeAsync("a", cancellationToken: Token);
        await broker.DisposeAsync();
        await Assert.ThrowsAsync<ConnectionLostException>(async () => await subscription.WaitToReadAsync(Token));
        Exception error = await Assert.ThrowsAsync<ConnectionLostException>(async () => await client.ConnectAsync(Token));
        Assert.IsType<ConnectFailedException>(error.InnerException);
    }

    [Fact]
    public async Task Through_many_cuts_under_load_order_holds_nothing_comes_twice_and_the_client_recovers()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient publisher = broker.NewClient();
        await using UdsBrokerClient reader = broker.NewClient();
        await using Subscription subscription = await reader.SubscribeAsync("n.>", cancellationToken: Token);
        using CancellationTokenSource enough = new();
        Task publishing = Task.WhenAll(Enumerable.Range(0, 3).Select(thread => Task.Run(async () =>
        {
            for (int i = 0; !enough.IsCancellationRequested; i++)
            {
                await publisher.PublishAsync($"n.{thread}", Text.Bytes($"{i}"), cancellationToken: Token);
                if (i % 100 == 0) await Task.Yield();
            }
        })));
        int[] last = [-1, -1, -1];
        for (int round = 0; round < 20; round++)
        {
            for (int i = 0; i < 200; i++)
            {
                Message message = await subscription.ReadAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Token);
                int thread = int.Parse(message.Subject[2..], null), number = int.Parse(Text.Of(message), null);
                Assert.True(number > last[thread], $"thread {thread}: {number} after {last[thread]}");
                last[thread] = number;
            }

            broker.CutAll();
        }

        await enough.CancelAsync();
        await publishing;
    }
}
