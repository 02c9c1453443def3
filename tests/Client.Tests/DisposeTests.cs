using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

public class DisposeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_client_that_was_never_used_is_disposed_at_once()
    {
        UdsBrokerClient client = new(new UdsBrokerOptions { Path = "/nowhere/at/all" });
        await client.DisposeAsync();
        await client.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await client.ConnectAsync(Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await client.PublishAsync("a", default, cancellationToken: Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await client.SubscribeAsync("a", cancellationToken: Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await client.FlushAsync(Token));
    }

    [Fact]
    public async Task Disposing_has_everything_published_routed_and_says_goodbye()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { DrainTimeout = Patience });
        for (int i = 0; i < 100; i++) await client.PublishAsync("a", Text.Bytes($"{i}"), cancellationToken: Token);
        Task disposing = client.DisposeAsync().AsTask();
        for (int i = 0; i < 100; i++) Assert.Equal($"{i}", (await peer.ExpectAsync(FrameKind.Publish)).Payload);
        await peer.AnswerFenceAsync();
        SentFrame goodbye = await peer.ExpectAsync(FrameKind.Goodbye);
        Assert.True(CommandReader.TryReadGoodbye(goodbye.Bytes, out GoodbyeCommand? command, out _));
        Assert.Equal(CloseReason.ClientClosed, command.Reason);
        Assert.Null(await peer.ReadAsync());
        await disposing.WaitAsync(Patience, Token);
        Assert.False(client.IsConnected);
    }

    [Fact]
    public async Task GOODBYE_is_sent_without_a_drain_timeout_too()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { DrainTimeout = TimeSpan.Zero });
        await client.DisposeAsync().AsTask().WaitAsync(Patience, Token);
        await peer.ExpectAsync(FrameKind.Goodbye);
        Assert.Null(await peer.ReadAsync());
    }

    [Fact]
    public async Task GOODBYE_is_sent_when_the_drain_timeout_ends_before_the_flush_is_answered()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { DrainTimeout = TimeSpan.FromMilliseconds(50) });
        await client.PublishAsync("a", Text.Bytes("1"), cancellationToken: Token);
        await client.DisposeAsync().AsTask().WaitAsync(Patience, Token);
        Assert.Equal("1", (await peer.ExpectAsync(FrameKind.Publish)).Payload);
        await peer.ExpectAsync(FrameKind.Ping);
        await peer.ExpectAsync(FrameKind.Goodbye);
        Assert.Null(await peer.ReadAsync());
    }

    [Fact]
    public async Task Disposing_while_connecting_ends_the_attempt_and_those_who_wait()
    {
        using FakeBroker broker = new();
        UdsBrokerClient client = new(broker.Options);
        Task connecting = client.ConnectAsync(Token).AsTask();
        using FakePeer peer = await broker.AcceptAsync();
        await peer.ExpectAsync(FrameKind.Hello);
        await client.DisposeAsync().AsTask().WaitAsync(Patience, Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connecting);
        Assert.Null(await peer.ReadAsync());
    }

    [Fact]
    public async Task A_client_that_is_being_disposed_does_not_start_to_connect()
    {
        using FakeBroker broker = new();
        TaskCompletionSource begun = new();
        using ManualResetEventSlim goOn = new();
        WatchedTime time = new(() =>
        {
            begun.TrySetResult();
            goOn.Wait(Patience, Token);
        });
        UdsBrokerClient client = new(broker.Options with { DrainTimeout = Patience, Time = time });
        Task disposing = client.DisposeAsync().AsTask();
        await begun.Task.WaitAsync(Patience, Token); // at the timer of the DrainTimeout

        Task connecting = Task.Run(async () => await client.ConnectAsync(Token), Token);
        bool isRefused = await Task.WhenAny(connecting, broker.AcceptAsync()) == connecting;

        goOn.Set();
        await disposing.WaitAsync(Patience, Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connecting);
        Assert.True(isRefused);
    }

    [Fact]
    public async Task Disposing_while_away_ends_the_attempts()
    {
        RoutingBroker broker = new();
        UdsBrokerClient client = broker.NewClient();
        Subscription subscription = await client.SubscribeAsync("a", cancellationToken: Token);
        TaskCompletionSource away = new();
        client.Disconnected += _ => away.TrySetResult();
        await broker.DisposeAsync();
        await away.Task.WaitAsync(Patience, Token);
        Task flushing = client.FlushAsync(Token).AsTask();
        await client.DisposeAsync().AsTask().WaitAsync(Patience, Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => flushing);
        Assert.False(await subscription.WaitToReadAsync(Token));
    }

    [Fact]
    public async Task Disposing_with_a_broker_that_does_not_answer_takes_the_drain_timeout_and_no_longer()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { DrainTimeout = TimeSpan.FromMilliseconds(50) });
        _ = client.PublishAsync("a", new byte[1 << 20], cancellationToken: Token).AsTask();
        await client.DisposeAsync().AsTask().WaitAsync(Patience, Token);
        peer.Dispose();
    }

    [Fact]
    public async Task After_disposing_what_waits_can_be_read_and_then_the_end_comes()
    {
        await using RoutingBroker broker = new();
        UdsBrokerClient client = broker.NewClient();
        Subscription subscription = await client.SubscribeAsync("a", cancellationToken: Token);
        for (int i = 0; i < 10; i++) await client.PublishAsync("a", Text.Bytes($"{i}"), cancellationToken: Token);
        Task<bool> waiting = subscription.WaitToReadAsync(Token).AsTask();
        await client.DisposeAsync();
        Assert.True(await waiting);
        List<string> texts = [];
        await foreach (Message message in subscription.WithCancellation(Token)) texts.Add(Text.Of(message));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), texts);
        await subscription.DisposeAsync();
        await subscription.DisposeAsync();
    }

    [Fact]
    public async Task Draining_waits_for_the_readers_who_may_still_answer()
    {
        await using RoutingBroker broker = new();
        UdsBrokerClient client = broker.NewClient();
        Subscription requests = await client.SubscribeAsync("ask", cancellationToken: Token);
        await using UdsBrokerClient other = broker.NewClient();
        await using Subscription answers = await other.SubscribeAsync("answer", cancellationToken: Token);
        for (int i = 0; i < 100; i++) await other.PublishAsync("ask", Text.Bytes($"{i}"), reply: "answer", cancellationToken: Token);
        await other.FlushAsync(Token);
        TaskCompletionSource go = new();
        Task serving = Task.Run(async () =>
        {
            await go.Task;
            await foreach (Message request in requests.WithCancellation(Token)) await client.PublishAsync(request.Reply!, request.Payload, cancellationToken: Token);
        }, Token);
        Task draining = client.DrainAsync(Token).AsTask();
        go.SetResult();
        await draining.WaitAsync(Patience, Token);
        await serving.WaitAsync(Patience, Token);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), await Text.ReadAsync(answers, 100));
    }

    [Fact]
    public async Task Disposing_twice_at_once_from_many_threads_is_one_end()
    {
        await using RoutingBroker broker = new();
        UdsBrokerClient client = broker.NewClient();
        await client.ConnectAsync(Token);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await client.DisposeAsync()))).WaitAsync(Patience, Token);
    }
}
