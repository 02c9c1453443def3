using System.Net.Sockets;
using Akka.Actor;
using UdsBroker.Broker.Actors;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// Exceptions where none should be: in a stage only its connection ends, the router goes on with its index, and where the broker could only
/// go on half alive it ends, so that a service manager can start it again.
/// </summary>
[Collection(Alone.Name)]
public sealed class InjectedFaultTests
{
    [Fact]
    public async Task A_fault_in_the_stage_of_a_publisher_ends_that_connection_alone_and_says_so()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var bystander = await broker.ConnectAsync();
        await bystander.SubscribeAsync(1, "safe");
        await bystander.FenceAsync();
        var before = await Counts.WaitUntilQuietAsync(broker);
        Plant(broker, "bomb", outbox: null);

        for (var round = 0; round < 20; round++)
        {
            using var victim = await broker.ConnectAsync();
            await victim.SubscribeAsync(1, "mine");
            await victim.FenceAsync();

            await victim.PublishAsync("bomb", "tick");

            Assert.Equal(CloseReason.Fault, (await victim.ExpectGoodbyeAsync()).Reason);
            await bystander.PublishAsync("safe", $"round {round}");
            Assert.Equal($"round {round}", Assert.Single(await bystander.ReceiveAsync()).Payload);
        }

        await Counts.ReturnAsync(broker, before with { Subscriptions = before.Subscriptions + 1 }); // the planted one
        Assert.Equal(20, broker.Context.Traffic.ConnectionsEndedFor(CloseReason.Fault));
        var lines = broker.Log.Count(line => line.Contains("closed: Fault, ", StringComparison.Ordinal));
        Assert.InRange(lines, 10, 20); // all of them, unless there are more than ten in a second
    }

    [Fact]
    public async Task A_fault_while_sending_to_one_recipient_ends_that_one_and_not_its_publisher()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var publisher = await broker.ConnectAsync();
        using var bystander = await broker.ConnectAsync();
        await bystander.SubscribeAsync(1, "shared");
        await bystander.FenceAsync();
        var context = broker.Context;
        var owner = new FakeOwner();
        var outbox = new Outbox(context.OutboxLimits, context.Pool, context.Clock, new ThrowingSocket(), owner, context.Traffic);
        outbox.Welcome();
        Plant(broker, "shared", outbox);

        await publisher.PublishAsync("shared", "one");
        var first = await publisher.FenceAsync();
        await publisher.PublishAsync("shared", "two");
        var second = await publisher.FenceAsync();
        Assert.Equal((2ul, 1ul, 1ul), (first.Matched, second.Matched, first.Dropped + second.Dropped));

        Assert.Equal("boom", Assert.Single(owner.Faults).Message);
        Assert.Equal("one", Assert.Single(await bystander.ReceiveAsync()).Payload);
        Assert.Equal("two", Assert.Single(await bystander.ReceiveAsync()).Payload);
    }

    [Fact]
    public async Task A_publisher_for_whom_there_is_no_memory_ends_as_overloaded_and_nothing_after_that_is_routed()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var bystander = await broker.ConnectAsync();
        await bystander.SubscribeAsync(1, "safe");
        await bystander.FenceAsync();
        var before = await Counts.WaitUntilQuietAsync(broker);
        var context = broker.Context;
        var outbox = new Outbox(context.OutboxLimits, context.Pool, context.Clock, new ThrowingSocket(), new OwnerWithoutMemory(), context.Traffic);
        outbox.Welcome();
        Plant(broker, new Subscription(outbox, 1, "full"u8.ToArray(), new SubscribeOptions { Credit = 0, Overflow = OverflowPolicy.Disconnect }, new PendingBound(1 << 20, 1)));
        using var victim = await broker.ConnectAsync();

        await victim.SendAsync((byte[])[
            .. Frames.Publish("safe", "before"), .. Frames.Publish("full", "one"), .. Frames.Publish("full", "two"), .. Frames.Publish("safe", "after")]);

        Assert.Equal(CloseReason.Overloaded, (await victim.ExpectGoodbyeAsync()).Reason);
        await bystander.PublishAsync("safe", "mine");
        Assert.Equal(["before", "mine"], [(await bystander.ReceiveAsync()).Single().Payload, .. (await bystander.ReceiveAsync()).Select(message => message.Payload)]);
        Assert.DoesNotContain(broker.Log, line => line.Contains("OutOfMemory", StringComparison.Ordinal));
        outbox.Close();
        await Counts.ReturnAsync(broker, before with { Subscriptions = before.Subscriptions + 1 }); // the planted one
    }

    [Fact]
    public async Task The_router_comes_back_with_its_index_while_messages_flow()
    {
        var campaign = Campaign.Begin("router faults", inCi: 5, whenLong: 9);
        await using var broker = await BrokerInProcess.StartAsync();
        using var publisher = await broker.ConnectAsync();
        using var subscriber = await broker.ConnectAsync();
        await subscriber.SubscribeAsync(1, "flow");
        await subscriber.FenceAsync();
        var router = await broker.FindAsync("router");

        var number = 0;
        for (var fault = 0; fault < campaign.Rounds; fault++)
        {
            router.Tell(Kill.Instance);
            for (var i = 0; i < 100; i++) await publisher.PublishAsync("flow", $"{number++}");
            await subscriber.SubscribeAsync((uint)(fault + 2), $"extra.{fault}");
            await publisher.FenceAsync();
        }

        for (var i = 0; i < number;)
        {
            foreach (var message in await subscriber.ReceiveAsync()) Assert.Equal($"{i++}", message.Payload);
        }

        await subscriber.FenceAsync();
        for (var fault = 0; fault < campaign.Rounds; fault++)
        {
            await publisher.PublishAsync($"extra.{fault}", "found");
            Assert.Equal([(uint)(fault + 2)], Assert.Single(await subscriber.ReceiveAsync()).Sids);
        }

        campaign.Say($"{campaign.Rounds} faults of the router within {number} messages: none lost, all subscriptions there");
    }

    [Fact]
    public async Task A_change_that_the_router_cannot_apply_ends_the_connection_that_asked_and_not_the_router()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var bystander = await broker.ConnectAsync();
        var router = await broker.FindAsync("router");

        var answer = await router.Ask<object>(new RouterActor.Apply([new RoutingChange(null!, Begins: true)], Uid: 0), Wait.Patience, Campaign.Cancelled);

        Assert.IsType<RouterActor.Failed>(answer);
        await bystander.SubscribeAsync(1, "after");
        await bystander.PublishAsync("after", "served");
        Assert.Equal("served", Assert.Single(await bystander.ReceiveAsync()).Payload);
        using var victim = await broker.ConnectAsync();
        (await broker.FindAsync($"connections/{victim.Id}")).Tell(answer);
        Assert.Equal(CloseReason.Fault, (await victim.ExpectGoodbyeAsync()).Reason);
    }

    [Theory]
    [InlineData("connections")]
    [InlineData("listeners")]
    public async Task Without_this_actor_the_broker_would_be_half_alive_so_it_ends(string actor)
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var client = await broker.ConnectAsync();

        (await broker.FindAsync(actor)).Tell(Kill.Instance);

        await broker.Ended.WaitAsync(Wait.Patience, Campaign.Cancelled);
        while (await client.NextFrameAsync() is not null)
        {
        }

        Assert.False(File.Exists(broker.Socket));
        Assert.Contains(broker.Log, line => line.StartsWith("120 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_listener_that_faults_is_bound_again_and_connections_live_on()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var client = await broker.ConnectAsync();

        (await broker.FindAsync("listeners/main")).Tell(Kill.Instance);

        await Wait.Until(() => broker.Log.Any(line => line.StartsWith("120 ", StringComparison.Ordinal)), "the fault is logged");
        await Wait.UntilAsync(() => IsWelcomedAsync(broker), () => "the listener is back");
        await client.FenceAsync();
    }

    [Fact]
    public async Task A_connection_stopped_by_a_fault_gives_everything_back()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var bystander = await broker.ConnectAsync();
        var before = await Counts.WaitUntilQuietAsync(broker);
        for (var round = 0; round < 30; round++)
        {
            using var victim = await broker.ConnectAsync();
            await victim.SubscribeAsync(1, "mine");
            await victim.FenceAsync();
            await victim.SendAsync(Frames.Publish("mine", "cut").AsMemory(0, 5));
            (await broker.FindAsync($"connections/{victim.Id}")).Tell(Kill.Instance);
            await Wait.Until(() => broker.Context.Budget.Used == 1, "the victim is gone");
        }

        await Counts.ReturnAsync(broker, before);
        await bystander.FenceAsync();
    }

    // Until the listener restarts, the kernel still accepts for its former socket; such a connection ends without WELCOME.
    private static async Task<bool> IsWelcomedAsync(BrokerInProcess broker)
    {
        try
        {
            using var client = RawClient.Open(broker.Socket);
            await client.SendAsync(Frames.Hello());
            return await client.NextFrameAsync() is { } frame && frame[1] == (byte)FrameKind.Welcome;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // A subscription that no correct broker has. Without an outbox it throws inside the stage of the publisher.
    private static void Plant(BrokerInProcess broker, string subject, Outbox? outbox) =>
        Plant(broker, new Subscription(outbox!, 1, System.Text.Encoding.UTF8.GetBytes(subject), SubscribeOptions.None, new PendingBound(1 << 20, 1 << 16)));

    private static void Plant(BrokerInProcess broker, Subscription subscription) =>
        broker.Context.Table.Current = broker.Context.Table.Current.With(subscription);

    // To tell of a slow consumer needs memory, and there is none.
    private sealed class OwnerWithoutMemory : IOutboxOwner
    {
        public void WriterNeeded(bool isFull)
        {
        }

        public void Drained()
        {
        }

        public void PeerGone()
        {
        }

        public void Faulted(Exception cause)
        {
        }

        public void SubscriptionEnded(Subscription subscription)
        {
        }

        public void SlowConsumer(Subscription subscription) => throw new InsufficientMemoryException("no more");
    }

    private sealed class ThrowingSocket : IOutboundSocket
    {
        public SendOutcome TrySend(List<ArraySegment<byte>> segments, out int sent) => throw new InvalidOperationException("boom");
    }
}
