using Akka.Actor;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>Faults in the tree: what ends, what restarts, and that there is no half-alive broker.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task A_fault_in_a_connection_ends_it_alone()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var victim = await broker.ConnectAsync();
        using var bystander = await broker.ConnectAsync();

        (await broker.FindAsync($"connections/{victim.Id}")).Tell(Kill.Instance);

        Assert.Null(await victim.NextFrameAsync());
        await bystander.FenceAsync();
        using var next = await broker.ConnectAsync();
    }

    [Fact]
    public async Task A_connection_that_faults_while_its_leftovers_are_reassigned_still_ends_as_a_whole()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var bystander = await broker.ConnectAsync();
        await bystander.SubscribeAsync(1, "$SYS.client.*.disconnected");
        await bystander.FenceAsync();
        using var victim = await broker.ConnectAsync();
        await victim.SubscribeAsync(1, "work", new SubscribeOptions { Queue = "q", Credit = 0 });
        await victim.SubscribeAsync(2, "ask");
        await victim.FenceAsync();
        await bystander.PublishAsync("work", "waits for credit");
        await bystander.SendAsync(Frames.Publish("ask", "?"u8.ToArray(), $"_INBOX.{bystander.Id}.1"));
        await bystander.FenceAsync();
        var broken = new Subscription(null!, 1, "work"u8.ToArray(), new SubscribeOptions { Queue = "q" }, new PendingBound(1 << 20, 1 << 16));
        var table = broker.Context.Table;
        table.Current = table.Current.With(broken); // another member of the group, to which nothing can be delivered

        (await broker.FindAsync($"connections/{victim.Id}")).Tell(Kill.Instance);

        while (await victim.NextFrameAsync() is not null)
        {
        }

        var error = await bystander.ExpectErrorAsync();
        Assert.Equal((ErrorCode.ResponderGone, "ask"), (error.Code, error.Context!["subject"]));
        Assert.Equal($"$SYS.client.{victim.Id}.disconnected", Assert.Single(await bystander.ReceiveAsync()).Subject);
        Assert.Equal(2, table.Current.ClientCount); // the bystander's and the broken one
        await BrokerInProcess.UntilAsync(() => broker.Context.Budget.Used == 1 && broker.Context.Load.Users.Count == 1);
        Assert.Equal(1, broker.Context.Traffic.ConnectionsOpen);
    }

    [Fact]
    public async Task A_router_that_faults_is_restarted_with_all_subscriptions()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(1, "before");
        await client.FenceAsync();

        (await broker.FindAsync("router")).Tell(Kill.Instance);

        await client.SubscribeAsync(2, "after");
        await client.PublishAsync("before", "kept");
        await client.PublishAsync("after", "new");
        Assert.Equal("kept", Assert.Single(await client.ReceiveAsync()).Payload);
        Assert.Equal("new", Assert.Single(await client.ReceiveAsync()).Payload);
    }

    [Fact]
    public async Task A_router_that_keeps_faulting_ends_the_broker()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var client = await broker.ConnectAsync();

        var router = await broker.FindAsync("router");
        for (var i = 0; i < 20; i++) router.Tell(Kill.Instance);

        await broker.Ended.WaitAsync(BrokerInProcess.Patience, TestContext.Current.CancellationToken);
        Assert.Null(await client.NextFrameAsync());
        Assert.False(File.Exists(broker.Socket));
    }

    [Fact]
    public async Task A_system_actor_that_faults_is_restarted_and_still_knows_who_is_there()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var before = await broker.ConnectAsync();

        (await broker.FindAsync("system")).Tell(Kill.Instance);

        using var after = await broker.ConnectAsync();
        await after.SubscribeAsync(1, "$SYS.client.*.connected");
        Assert.Equal($"$SYS.client.{before.Id}.connected", Assert.Single(await after.ReceiveAsync()).Subject);
        Assert.Equal($"$SYS.client.{after.Id}.connected", Assert.Single(await after.ReceiveAsync()).Subject);
        Assert.Equal(0, (await after.AskAsync("stats")).Code);
    }

    [Fact]
    public async Task A_broker_whose_socket_file_was_removed_ends_because_nobody_could_reach_it()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.listeners.main.check-interval=100ms");
        using var client = await broker.ConnectAsync();

        File.Delete(broker.Socket);

        await broker.Ended.WaitAsync(BrokerInProcess.Patience, TestContext.Current.CancellationToken);
    }
}
