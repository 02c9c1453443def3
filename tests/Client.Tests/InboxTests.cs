namespace UdsBroker.Client.Tests;

/// <summary>The inbox as a subscription: when it opens, and how it ends.</summary>
public class InboxTests
{
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
}
