using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>The broker as its peers see it: identity, publish and subscribe, fences.</summary>
public sealed class ServingTests
{
    [Fact]
    public async Task Welcome_has_the_identity_that_names_the_actor_and_the_credentials_from_the_kernel()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var client = await broker.ConnectAsync();

        Assert.Equal(7, client.Id.Version);
        Assert.Equal(Environment.ProcessId, client.Info.Pid);
        Assert.NotNull(client.Info.Uid);
        Assert.Equal(Limits.Default, client.Info.Limits);
        Assert.Equal(client.Id.ToString(), (await broker.FindAsync($"connections/{client.Id}")).Path.Name);
    }

    [Fact]
    public async Task A_message_reaches_each_matching_subscription_once_with_its_senders_identity()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var publisher = await broker.ConnectAsync();
        using var subscriber = await broker.ConnectAsync();
        await subscriber.SubscribeAsync(1, "orders.*");
        await subscriber.SubscribeAsync(2, "orders.>");
        await subscriber.SubscribeAsync(3, "invoices.>");
        await subscriber.FenceAsync();

        await publisher.PublishAsync("orders.eu", "hello");

        Assert.Equal(new Receipt(1, 2, 0), await publisher.FenceAsync());
        var (sender, sids, subject, payload) = Assert.Single(await subscriber.ReceiveAsync());
        Assert.Equal((publisher.Id, "orders.eu", "hello"), (sender, subject, payload));
        Assert.Equal([1u, 2u], sids.Order());
    }

    [Fact]
    public async Task A_publish_after_a_subscribe_on_the_same_connection_finds_it_in_force()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var client = await broker.ConnectAsync();
        for (uint sid = 1; sid <= 50; sid++)
        {
            await client.SubscribeAsync(sid, $"own.{sid}");
            await client.PublishAsync($"own.{sid}", "to myself");
            var message = Assert.Single(await client.ReceiveAsync());
            Assert.Equal(($"own.{sid}", "to myself"), (message.Subject, message.Payload));
        }
    }

    [Fact]
    public async Task A_connection_that_has_gone_matches_nothing_any_more()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var publisher = await broker.ConnectAsync();
        var subscriber = await broker.ConnectAsync();
        await subscriber.SubscribeAsync(1, ">");
        await subscriber.FenceAsync();
        var actor = await broker.FindAsync($"connections/{subscriber.Id}");

        subscriber.Dispose();
        await Akka.Actor.GracefulStopSupport.GracefulStop(actor, BrokerInProcess.Patience);

        await publisher.PublishAsync("a", "b");
        Assert.Equal(new Receipt(1, 0, 0), await publisher.FenceAsync());
    }

    [Fact]
    public async Task Unsubscribe_after_a_maximum_delivers_exactly_so_many_more()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(1, "a");
        await client.SendAsync(output => FrameWriter.Write(output, new UnsubscribeCommand(1, 3)));
        byte[] five = [.. Enumerable.Range(1, 5).SelectMany(number => RawClient.Publish("a", $"{number}"))];
        await client.SendAsync(five);

        Assert.Equal(["1", "2", "3"], (await client.ReceiveAsync()).Select(message => message.Payload));
        Assert.Equal(new Receipt(5, 3, 0), await client.FenceAsync());
    }

    [Fact]
    public async Task A_message_to_an_inbox_reaches_only_its_connection_and_no_wildcard_matches_it()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var owner = await broker.ConnectAsync();
        using var other = await broker.ConnectAsync();
        await other.SubscribeAsync(1, ">");
        await other.FenceAsync();

        await other.PublishAsync($"_INBOX.{owner.Id}.question", "for you");

        Assert.Equal(new Receipt(1, 1, 0), await other.FenceAsync());
        var (sender, sids, subject, payload) = Assert.Single(await owner.ReceiveAsync());
        Assert.Equal((other.Id, $"_INBOX.{owner.Id}.question", "for you"), (sender, subject, payload));
        Assert.Equal([0u], sids);
    }

    [Fact]
    public async Task Refused_publishes_and_subscriptions_get_an_error_and_the_connection_lives()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var client = await broker.ConnectAsync();
        using var other = await broker.ConnectAsync();
        await client.SubscribeAsync(5, "a.>.b");
        await client.SubscribeAsync(6, $"_INBOX.{other.Id}.>");
        await client.PublishAsync("a..b", "x");
        await client.PublishAsync("$SYS.broker", "x");

        var errors = new List<(ErrorCode Code, string Context)>();
        for (var i = 0; i < 4; i++)
        {
            var error = await client.ExpectErrorAsync();
            errors.Add((error.Code, string.Join(' ', error.Context!.Values)));
        }

        Assert.Equal(
            [(ErrorCode.BadPattern, "5"), (ErrorCode.NotAllowed, "6"), (ErrorCode.BadSubject, "a..b"), (ErrorCode.ReservedSubject, "$SYS.broker")],
            errors);
        Assert.Equal(new Receipt(0, 0, 0), await client.FenceAsync());
    }
}
