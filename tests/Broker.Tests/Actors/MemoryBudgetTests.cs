using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>
/// The bytes that the broker holds for all and for one user, on real sockets: which connections are shed or drop, and that the others go
/// on.
/// </summary>
public sealed class MemoryBudgetTests
{
    [Fact]
    public async Task Beyond_the_memory_budget_the_heaviest_connection_leaves_with_its_reason_and_the_others_go_on()
    {
        await using var broker = await BrokerInProcess.StartAsync(
            "udsbroker.memory.budget=4 MiB", "udsbroker.subscriptions.max-pending=64 MiB", "udsbroker.subscriptions.max-pending-messages=1000000");
        using var publisher = await broker.ConnectAsync();
        using var bystander = await broker.ConnectAsync();
        using var heavy = await broker.ConnectAsync();
        await bystander.SubscribeAsync(1, "b", new SubscribeOptions { Overflow = OverflowPolicy.DropOldest });
        await heavy.SubscribeAsync(1, "a", new SubscribeOptions { Overflow = OverflowPolicy.DropOldest });
        await bystander.FenceAsync();
        await heavy.FenceAsync();

        var frame = RawClient.Publish("a", new string('x', 100_000));
        for (var i = 0; i < 100; i++) await publisher.SendAsync(frame);
        await publisher.FenceAsync();

        await BrokerInProcess.UntilAsync(() => broker.Context.Budget.Used == 2 && broker.Context.Load.Memory.Bytes == 0);
        await publisher.PublishAsync("b", "still here");
        Assert.Equal("still here", Assert.Single(await bystander.ReceiveAsync()).Payload);
        Assert.Contains(broker.Log, line => line.Contains("closed: Overloaded, the broker held more than the 4194304 bytes of udsbroker.memory.budget", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_heavy_connection_that_reads_again_finds_overloaded_in_its_goodbye()
    {
        await using var broker = await BrokerInProcess.StartAsync(
            "udsbroker.memory.budget=4 MiB", "udsbroker.subscriptions.max-pending=64 MiB", "udsbroker.memory.shed-grace-period=1m");
        using var publisher = await broker.ConnectAsync();
        using var heavy = await broker.ConnectAsync();
        await heavy.SubscribeAsync(1, "a", new SubscribeOptions { Overflow = OverflowPolicy.DropOldest });
        await heavy.FenceAsync();

        var frame = RawClient.Publish("a", new string('x', 100_000));
        for (var i = 0; i < 100; i++) await publisher.SendAsync(frame);
        await publisher.FenceAsync();
        await BrokerInProcess.UntilAsync(() => !broker.Context.Load.Memory.IsExceeded); // a client that reads before the check is not too heavy any more

        while (await heavy.NextFrameAsync() is { } next)
        {
            Assert.Equal(ScanResult.Done, FrameScanner.Scan(next, Limits.Ceiling, out var head));
            if (head.Kind != FrameKind.Goodbye) continue;
            Assert.True(CommandReader.TryReadGoodbye(next, out var goodbye, out _));
            Assert.Equal(CloseReason.Overloaded, goodbye.Reason);
            return;
        }

        Assert.Fail("the connection ended without GOODBYE");
    }

    [Fact]
    public async Task A_large_frame_waits_until_the_heaviest_connection_was_shed()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.memory.budget=4 MiB", "udsbroker.subscriptions.max-pending=64 MiB");
        using var publisher = await broker.ConnectAsync();
        using var heavy = await broker.ConnectAsync();
        await heavy.SubscribeAsync(1, "a", new SubscribeOptions { Overflow = OverflowPolicy.DropOldest });
        await heavy.FenceAsync();
        using var reader = await broker.ConnectAsync();
        await reader.SubscribeAsync(1, "large");
        await reader.FenceAsync();
        for (var i = 0; i < 36; i++) await publisher.PublishAsync("a", new string('x', 100_000));
        await BrokerInProcess.UntilAsync(() => broker.Context.Load.Memory.Bytes is > 3_000_000 and <= 4 << 20);

        var payload = new string('y', 3_000_000);
        var sending = publisher.PublishAsync("large", payload);
        Assert.Equal(payload, Assert.Single(await reader.ReceiveAsync()).Payload);

        await sending;
        await BrokerInProcess.UntilAsync(() => broker.Context.Budget.Used == 2 && broker.Context.Load.Memory.Bytes == 0);
        Assert.Contains(broker.Log, line => line.Contains("closed: Overloaded, the broker held more than the 4194304 bytes of udsbroker.memory.budget", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Shed_connections_that_do_not_read_are_cut_off_before_their_grace_period_while_the_budget_is_exceeded()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.memory.budget=2 MiB", "udsbroker.memory.shed-grace-period=1m");
        using var publisher = await broker.ConnectAsync();
        var stalled = new List<RawClient>();
        for (var i = 0; i < 8; i++)
        {
            stalled.Add(await broker.ConnectAsync());
            await stalled[^1].SubscribeAsync(1, $"a.{i}", new SubscribeOptions { Overflow = OverflowPolicy.DropOldest });
            await stalled[^1].FenceAsync();
        }

        var clock = System.Diagnostics.Stopwatch.StartNew();
        foreach (var i in Enumerable.Range(0, stalled.Count))
        {
            for (var messages = 0; messages < 25; messages++) await publisher.PublishAsync($"a.{i}", new string('x', 100_000));
        }

        await publisher.FenceAsync();
        await BrokerInProcess.UntilAsync(() => broker.Context.Load.Memory.Bytes <= broker.Context.Load.AdmissionLimit && broker.Context.Budget.Used < 1 + stalled.Count);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(50), $"it took {clock.Elapsed}");
        using var another = await broker.ConnectAsync();
        await another.FenceAsync();
        stalled.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_user_beyond_its_pending_bytes_drops_by_the_policies_of_its_subscriptions_and_every_drop_is_reported()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.users.max-pending=2 MiB", "udsbroker.subscriptions.max-pending=64 MiB");
        using var publisher = await broker.ConnectAsync();
        using var newest = await broker.ConnectAsync();
        using var oldest = await broker.ConnectAsync();
        await newest.SubscribeAsync(1, "a", new SubscribeOptions { Overflow = OverflowPolicy.DropNewest });
        await oldest.SubscribeAsync(1, "a", new SubscribeOptions { Overflow = OverflowPolicy.DropOldest });
        await newest.FenceAsync();
        await oldest.FenceAsync();

        var frame = RawClient.Publish("a", new string('x', 10_000));
        ulong dropped = 0;
        for (var i = 0; i < 1000; i++)
        {
            await publisher.SendAsync(frame);
            if (i % 50 == 49) dropped += (await publisher.FenceAsync()).Dropped;
        }

        Assert.InRange(broker.Context.Load.Memory.Bytes, 2 << 20, 5 << 20);
        Assert.True(dropped > 1000, $"{dropped} dropped");
        Assert.Equal(dropped, await MissedAsync(newest) + await MissedAsync(oldest));
        await BrokerInProcess.UntilAsync(() => broker.Context.Load.Memory.Bytes == 0);
    }

    // Reads all 1000 messages, or the gaps in their place; returns the size of the gaps.
    private static async Task<ulong> MissedAsync(RawClient client)
    {
        ulong missed = 0, seen = 0;
        while (seen < 1000)
        {
            var frame = await client.NextFrameAsync();
            FrameScanner.Scan(frame, Limits.Ceiling, out var head);
            if (head.Kind == FrameKind.Publish) seen++;
            else if (head.Kind == FrameKind.Missed)
            {
                Assert.True(CommandReader.TryReadMissed(frame, out var gap, out _));
                missed += gap.Count;
                seen += gap.Count;
            }
        }

        return missed;
    }
}
