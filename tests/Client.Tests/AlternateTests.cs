using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>Equivalent brokers: which one the client is at, and when it goes on to the next.</summary>
public class AlternateTests
{
    [Fact]
    public async Task The_first_connect_tries_each_once_before_it_fails()
    {
        using FakeBroker second = new();
        using TestFolder folder = new();
        await using UdsBrokerClient client = new(second.Options with { Path = folder.File("none.sock"), AlternatePaths = [second.Path] });
        Task connecting = client.ConnectAsync(FakeBroker.Token).AsTask();
        using FakePeer peer = await second.WelcomeAsync();
        await connecting;
        Assert.Equal(second.Path, client.Server!.Path);

        await using UdsBrokerClient lonely = new(second.Options with { Path = folder.File("none.sock"), AlternatePaths = [folder.File("neither.sock")] });
        ConnectFailedException error = await Assert.ThrowsAsync<ConnectFailedException>(() => lonely.ConnectAsync(FakeBroker.Token).AsTask());
        Assert.Equal((ConnectFailure.NotFound, folder.File("neither.sock")), (error.Failure, error.Path));
    }

    [Theory]
    [InlineData(CloseReason.LameDuck)]
    [InlineData(CloseReason.BrokerShutdown)]
    public async Task A_broker_that_is_about_to_stop_is_left_for_the_next_and_the_subscriptions_come_along(CloseReason reason)
    {
        using FakeBroker first = new(), second = new();
        (UdsBrokerClient client, FakePeer peer) = await first.ConnectAsync(first.Options with { AlternatePaths = [second.Path] });
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, "a");
        await peer.SendAsync(Wire.Goodbye(reason, "maintenance"));

        using FakePeer next = await second.WelcomeAsync();
        Assert.Equal(subscription.Sid, (await next.AcceptSubscriptionAsync()).Sid);
        await next.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a", "from the second")));
        Assert.Equal(["from the second"], await Text.ReadAsync(subscription, 1));

        await next.SendAsync(Wire.Goodbye(reason));
        using FakePeer again = await first.WelcomeAsync();
        await again.AcceptSubscriptionAsync();
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_lame_duck_without_alternates_is_waited_for()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        await peer.SendAsync(Wire.Goodbye(CloseReason.LameDuck));

        using FakePeer next = await broker.WelcomeAsync();
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_slow_consumer_comes_back_to_the_same_broker()
    {
        using FakeBroker first = new(), second = new();
        (UdsBrokerClient client, FakePeer peer) = await first.ConnectAsync(first.Options with { AlternatePaths = [second.Path] });
        await peer.SendAsync(Wire.Goodbye(CloseReason.SlowConsumer));

        using FakePeer next = await first.WelcomeAsync();
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_broker_that_does_not_let_this_client_in_is_passed_over()
    {
        using FakeBroker first = new(), second = new();
        await using UdsBrokerClient client = new(second.Options with { Path = first.Path, AlternatePaths = [second.Path] });
        Task connecting = client.ConnectAsync(FakeBroker.Token).AsTask();
        using FakePeer refusing = await first.AcceptAsync();
        await refusing.ExpectAsync(FrameKind.Hello);
        await refusing.SendAsync(Wire.Goodbye(CloseReason.NotAllowed, "not you"));

        using FakePeer peer = await second.WelcomeAsync();
        await connecting;
        Assert.Equal(second.Path, client.Server!.Path);
    }

    [Fact]
    public async Task A_client_ends_when_none_of_its_brokers_lets_it_in_any_more()
    {
        using FakeBroker first = new(), second = new();
        (UdsBrokerClient client, FakePeer peer) = await first.ConnectAsync(first.Options with { AlternatePaths = [second.Path] });
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, "a");
        await peer.SendAsync(Wire.Goodbye(CloseReason.LameDuck));
        foreach (FakeBroker broker in new[] { second, first })
        {
            using FakePeer refusing = await broker.AcceptAsync();
            await refusing.ExpectAsync(FrameKind.Hello);
            await refusing.SendAsync(Wire.Goodbye(CloseReason.NotAllowed, "not you"));
        }

        ConnectionLostException error = await Assert.ThrowsAsync<ConnectionLostException>(
            async () => await subscription.WaitToReadAsync(FakeBroker.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(60), FakeBroker.Token));
        Assert.Equal(CloseReason.NotAllowed, error.Reason);
        await client.DisposeAsync();
    }
}
