using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>The inbox as a subscription: when it opens, and how it ends.</summary>
public class InboxTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_inbox_is_not_opened_when_the_client_has_ended_since_it_was_connected()
    {
        await using RoutingBroker broker = new();
        UdsBrokerClient client = broker.NewClient();
        await client.ConnectAsync(Token);
        await client.DisposeAsync();

        // What OpenInboxAsync does when it has waited for the connection.
        Assert.Throws<ObjectDisposedException>(() => client.OpenInbox(new SubscriptionOptions()));
    }

    [Fact]
    public async Task An_open_inbox_ends_with_the_client_that_cannot_come_back_and_says_why()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { Reconnect = new ReconnectOptions { Enabled = false } });
        Subscription inbox = await client.OpenInboxAsync(cancellationToken: Token);
        peer.Dispose();

        ConnectionLostException lost = await Assert.ThrowsAsync<ConnectionLostException>(async () => await inbox.WaitToReadAsync(Token));
        Assert.Contains("without a GOODBYE", lost.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ConnectionLostException>(async () => await client.OpenInboxAsync(cancellationToken: Token));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_drain_of_the_client_waits_for_the_reader_of_its_inbox_who_may_still_answer()
    {
        await using RoutingBroker broker = new();
        UdsBrokerClient client = new(broker.Options with { DrainTimeout = Patience });
        Subscription inbox = await client.OpenInboxAsync(cancellationToken: Token);
        await using UdsBrokerClient other = broker.NewClient();
        await using Subscription answers = await other.SubscribeAsync("answer", cancellationToken: Token);
        for (int i = 0; i < 10; i++) await other.SendAsync(client.Id, Text.Bytes($"{i}"), reply: "answer", cancellationToken: Token);
        await other.FlushAsync(Token);
        Assert.Equal("0", Text.Of(await inbox.ReadAsync(Token)));

        Task draining = client.DrainAsync(Token).AsTask();
        while (await inbox.WaitToReadAsync(Token))
        {
            Assert.False(draining.IsCompleted);
            while (inbox.TryRead(out Message message)) await message.ReplyAsync(message.Payload, cancellationToken: Token);
        }

        await draining.WaitAsync(Patience, Token);
        Assert.Equal(Enumerable.Range(1, 9).Select(i => $"{i}"), await Text.ReadAsync(answers, 9));
    }

    [Fact]
    public async Task A_drain_of_the_inbox_brings_what_waited_in_the_broker()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription inbox = await client.OpenInboxAsync(new SubscriptionOptions { PendingMessages = 1 }, Token);

        Task draining = inbox.DrainAsync(Token).AsTask();
        SentFrame fence = await peer.ExpectAsync(FrameKind.Ping);
        byte[] first = Wire.Publish($"_INBOX.{client.Id}.direct", "1"), second = Wire.Publish($"_INBOX.{client.Id}.direct", "2");
        await peer.SendAsync(Wire.Deliver([0], Wire.SomeSender, first, second), Wire.Pong(fence.Token));

        await draining.WaitAsync(Patience, Token);
        Assert.Equal(["1", "2"], await Text.ReadAsync(inbox, 2));
        Assert.False(await inbox.WaitToReadAsync(Token));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_drain_of_the_inbox_fails_with_the_connection_and_ends_the_inbox()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription inbox = await client.OpenInboxAsync(cancellationToken: Token);
        Task draining = inbox.DrainAsync(Token).AsTask();
        await peer.ExpectAsync(FrameKind.Ping);

        peer.Dispose();

        await Assert.ThrowsAsync<ConnectionLostException>(() => draining.WaitAsync(Patience, Token));
        Assert.False(await inbox.WaitToReadAsync(Token));
        await client.DisposeAsync();
    }
}
