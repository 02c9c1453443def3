using Akka.Actor;

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
