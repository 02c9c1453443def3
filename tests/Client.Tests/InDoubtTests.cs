using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>What a lost connection leaves unknown, and who is told.</summary>
public class InDoubtTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ping_that_the_connection_did_not_survive_says_nothing_of_publishes_when_there_were_none()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        await using UdsBrokerClient closing = client;
        Task<TimeSpan> ping = client.PingAsync(Token).AsTask();
        await peer.ExpectAsync(FrameKind.Ping);
        await peer.SendAsync(Wire.Goodbye(CloseReason.BrokerShutdown, "maintenance"));

        ConnectionLostException error = await Assert.ThrowsAsync<ConnectionLostException>(() => ping);
        Assert.Equal("The connection ended before the broker answered: the broker said goodbye (BrokerShutdown): maintenance", error.Message);
    }

    [Fact]
    public async Task A_flush_that_the_connection_did_not_survive_says_what_is_unknown()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Events events = new(client);
        await client.PublishAsync("a", Text.Bytes("settled"), cancellationToken: Token);
        Task<Receipt> settled = client.FlushAsync(Token).AsTask();
        await peer.ExpectAsync(FrameKind.Publish);
        await peer.AnswerFenceAsync(new Receipt(1, 0, 0));
        Assert.Equal(new Receipt(1, 0, 0), await settled);

        for (int i = 0; i < 3; i++) await client.PublishAsync("a", Text.Bytes($"{i}"), cancellationToken: Token);
        Task<Receipt> lost = client.FlushAsync(Token).AsTask();
        for (int i = 0; i < 3; i++) await peer.ExpectAsync(FrameKind.Publish);
        await peer.ExpectAsync(FrameKind.Ping);
        await peer.SendAsync(Wire.Goodbye(CloseReason.BrokerShutdown, "maintenance"));
        ConnectionLostException error = await Assert.ThrowsAsync<ConnectionLostException>(() => lost);
        Assert.Equal((CloseReason.BrokerShutdown, 3), (error.Reason, error.PublishesInDoubt));
        Assert.Contains("3 publishes", error.Message, StringComparison.Ordinal);
        DisconnectedEvent disconnected = await events.DisconnectedAsync();
        Assert.Equal((CloseReason.BrokerShutdown, 3), (disconnected.Reason, disconnected.PublishesInDoubt));
        Assert.Contains("maintenance", disconnected.Message, StringComparison.Ordinal);

        using FakePeer next = await broker.WelcomeAsync();
        Task<Receipt> flush = client.FlushAsync(Token).AsTask();
        await next.AnswerFenceAsync(new Receipt(0, 0, 0));
        Assert.Equal(new Receipt(0, 0, 0), await flush);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Publishes_that_were_sent_on_a_connection_that_ended_before_it_was_up_are_reported_as_in_doubt()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Events events = new(client);
        await SubscribeTests.SubscribeAsync(client, peer, "a");
        peer.Dispose();
        await events.DisconnectedAsync();
        for (int i = 0; i < 3; i++) await client.PublishAsync("away", Text.Bytes($"{i}"), cancellationToken: Token);
        FakePeer next = await broker.WelcomeAsync();
        await next.ExpectAsync(FrameKind.Subscribe);
        await next.ExpectAsync(FrameKind.Ping); // not answered: the subscriptions are not active yet
        for (int i = 0; i < 3; i++) await next.ExpectAsync(FrameKind.Publish);

        next.Dispose();

        DisconnectedEvent disconnected = await events.DisconnectedAsync();
        Assert.Equal((CloseReason.PeerGone, true, 3), (disconnected.Reason, disconnected.WillReconnect, disconnected.PublishesInDoubt));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task The_next_flush_reports_what_is_in_doubt_and_the_one_after_it_succeeds()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Events events = new(client);
        for (int i = 0; i < 3; i++) await client.PublishAsync("a", Text.Bytes($"{i}"), cancellationToken: Token);
        for (int i = 0; i < 3; i++) await peer.ExpectAsync(FrameKind.Publish);
        await peer.SendAsync(Wire.Goodbye(CloseReason.BrokerShutdown, "maintenance"));
        await events.DisconnectedAsync();

        // Away or on the next connection, it cannot confirm them.
        ConnectionLostException error = await Assert.ThrowsAsync<ConnectionLostException>(() => client.FlushAsync(Token).AsTask().WaitAsync(Patience, Token));

        Assert.Equal((CloseReason.BrokerShutdown, 3), (error.Reason, error.PublishesInDoubt));
        Assert.Contains("maintenance", error.Message, StringComparison.Ordinal);
        Task<Receipt> flush = client.FlushAsync(Token).AsTask();
        using FakePeer next = await broker.WelcomeAsync();
        await next.AnswerFenceAsync(new Receipt(0, 0, 0));
        Assert.Equal(new Receipt(0, 0, 0), await flush);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task What_a_cancelled_flush_could_not_report_is_reported_by_the_next()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Events events = new(client);
        await client.PublishAsync("a", default, cancellationToken: Token);
        using CancellationTokenSource cancel = new();
        Task<Receipt> cancelled = client.FlushAsync(cancel.Token).AsTask();
        await peer.ExpectAsync(FrameKind.Publish);
        await peer.ExpectAsync(FrameKind.Ping);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        peer.Dispose();
        await events.DisconnectedAsync();

        Assert.Equal(1, (await Assert.ThrowsAsync<ConnectionLostException>(() => client.FlushAsync(Token).AsTask().WaitAsync(Patience, Token))).PublishesInDoubt);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task What_is_in_doubt_is_reported_by_a_flush_and_not_by_a_ping()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Events events = new(client);
        await client.PublishAsync("a", default, cancellationToken: Token);
        await peer.ExpectAsync(FrameKind.Publish);
        peer.Dispose();
        await events.DisconnectedAsync();
        using FakePeer next = await broker.WelcomeAsync();
        Task ping = client.PingAsync(Token).AsTask();
        await next.AnswerFenceAsync();
        await ping;

        Assert.Equal(1, (await Assert.ThrowsAsync<ConnectionLostException>(() => client.FlushAsync(Token).AsTask().WaitAsync(Patience, Token))).PublishesInDoubt);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Requests_do_not_count_as_publishes_in_doubt()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Events events = new(client);
        Task<Message> answered = client.RequestAsync("a", default, cancellationToken: Token).AsTask();
        await peer.SendAsync(Wire.Deliver([0], Wire.SomeSender, Wire.Publish((await peer.ExpectAsync(FrameKind.Publish)).Reply!, "here")));
        await answered;
        Task<Message> lost = client.RequestAsync("a", default, cancellationToken: Token).AsTask();
        await client.PublishAsync("a", default, cancellationToken: Token);
        for (int i = 0; i < 2; i++) await peer.ExpectAsync(FrameKind.Publish);

        peer.Dispose();

        Assert.Equal(1, (await events.DisconnectedAsync()).PublishesInDoubt);
        await Assert.ThrowsAsync<ConnectionLostException>(() => lost);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_message_that_asks_for_answers_to_the_inbox_is_sent_on_the_next_connection_too()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Events events = new(client);
        string inbox = $"_INBOX.{client.Id}.direct";
        peer.Dispose();
        await events.DisconnectedAsync();
        await client.PublishAsync("a", Text.Bytes("1"), reply: inbox, cancellationToken: Token);
        await client.PublishAsync("a", Text.Bytes("2"), cancellationToken: Token);

        using FakePeer next = await broker.WelcomeAsync(Wire.Welcome(Guid.CreateVersion7()));

        SentFrame first = await next.ExpectAsync(FrameKind.Publish), second = await next.ExpectAsync(FrameKind.Publish);
        Assert.Equal(("1", inbox, "2"), (first.Payload, first.Reply, second.Payload));
        await client.DisposeAsync();
    }
}
