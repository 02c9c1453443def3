using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>Each limit of a connection and of a user on real sockets: what happens when it is reached, and that the next one is served.</summary>
public sealed class LimitTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_with_all_its_connections_is_turned_away_until_one_ends()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.users.max-connections=2");
        using var first = await broker.ConnectAsync();
        var second = await broker.ConnectAsync();

        using (var third = RawClient.Open(broker.Socket))
        {
            var goodbye = await third.ExpectGoodbyeAsync();
            Assert.Equal((CloseReason.TooManyConnections, "this user has 2 connections, and more are not allowed (udsbroker.users.max-connections)"), (goodbye.Reason, goodbye.Message));
        }

        second.Dispose();
        await BrokerInProcess.UntilAsync(() => broker.Context.Budget.Used == 1);
        using var fourth = await broker.ConnectAsync();
        await first.FenceAsync();
    }

    [Fact]
    public async Task The_subscriptions_of_a_user_are_counted_over_all_its_connections()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.users.max-subscriptions=3");
        using var one = await broker.ConnectAsync();
        using var other = await broker.ConnectAsync();
        await one.SubscribeAsync(1, "a");
        await one.SubscribeAsync(2, "b");
        await one.FenceAsync();
        await other.SubscribeAsync(1, "c");
        await other.FenceAsync();

        await other.SubscribeAsync(2, "d");
        var error = await other.ExpectErrorAsync();
        Assert.Equal(
            (ErrorCode.TooManySubscriptions, "the connections of this user have 3 subscriptions together; at most 3 are allowed (udsbroker.users.max-subscriptions)"), (error.Code, error.Message));

        one.Dispose();
        await BrokerInProcess.UntilAsync(() => broker.Context.Budget.Used == 1);
        await other.SubscribeAsync(2, "d");
        await other.FenceAsync();
    }

    [Fact]
    public async Task A_frame_that_is_not_finished_in_time_ends_its_connection()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.connections.frame-timeout=400ms");
        using var slow = await broker.ConnectAsync();
        using var bystander = await broker.ConnectAsync();

        await slow.SendAsync(RawClient.Publish("a", "never whole").AsMemory(0, 6));

        var goodbye = await slow.ExpectGoodbyeAsync();
        Assert.Equal((CloseReason.Stale, "a frame of which 6 bytes have come was not finished within 0.4 s"), (goodbye.Reason, goodbye.Message));
        await bystander.FenceAsync();
        await BrokerInProcess.UntilAsync(() => broker.Context.Pool.Leased == 0 && broker.Context.Load.Memory.Bytes == 0);
    }

    [Fact]
    public async Task A_connection_that_is_not_used_ends_as_idle_and_one_in_use_does_not()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.connections.idle-timeout=2s");
        using var busy = await broker.ConnectAsync();
        using var idle = await broker.ConnectAsync();
        await busy.SubscribeAsync(1, "a");
        using var stop = new CancellationTokenSource();
        var publishing = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await busy.PublishAsync("a", "in use");
                    await busy.ReceiveAsync();
                }
            },
            Cancelled);
        await idle.SendAsync(output => FrameWriter.Write(output, new PingCommand(1))); // alive, and still idle
        var ended = false;
        while (!ended)
        {
            var frame = await idle.NextFrameAsync();
            Assert.Equal(ScanResult.Done, FrameScanner.Scan(frame, Limits.Ceiling, out var head));
            ended = head.Kind == FrameKind.Goodbye;
            if (ended) Assert.True(CommandReader.TryReadGoodbye(frame, out var goodbye, out _) && goodbye.Reason == CloseReason.Idle);
        }

        await stop.CancelAsync();
        await publishing;
        await busy.FenceAsync();
    }

    [Fact]
    public async Task A_publisher_that_has_to_wait_for_others_is_not_idle_meanwhile()
    {
        await using var broker = await BrokerInProcess.StartAsync(
            "udsbroker.connections.idle-timeout=1s", "udsbroker.subscriptions.max-pending=64 KiB", "udsbroker.subscriptions.stall-timeout=1h");
        using var slow = await broker.ConnectAsync();
        using var publisher = await broker.ConnectAsync();
        await slow.SubscribeAsync(1, "a", new SubscribeOptions { Credit = 0 });
        await slow.SubscribeAsync(2, "b");
        await slow.FenceAsync();
        const int sent = 10; // which the kernel takes while the broker does not
        for (var i = 0; i < sent; i++) await publisher.PublishAsync("a", new string('x', 10_000));
        using var stop = new CancellationTokenSource();
        var keepingInUse = UseAsync(broker, slow, stop.Token);

        // A client that connects later may be found idle only in a second round: the checks are spread over the timeout.
        for (var i = 0; i < 2; i++)
        {
            using var idle = await broker.ConnectAsync();
            Assert.Equal(CloseReason.Idle, await idle.ReadToGoodbyeAsync());
        }

        await stop.CancelAsync();
        await keepingInUse;
        await slow.SendAsync(output => FrameWriter.Write(output, new CreditCommand(1, sent)));
        Assert.Equal(new Receipt(sent, sent, 0), await publisher.FenceAsync());
    }

    [Fact]
    public async Task A_long_message_is_use_of_the_connection_while_its_bytes_come()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.connections.idle-timeout=1s");
        using var publisher = await broker.ConnectAsync();
        var message = RawClient.Publish("a", new string('x', 10_000));
        var sent = 0;
        using var stop = new CancellationTokenSource();
        var sending = Task.Run(
            async () =>
            {
                for (; sent < message.Length - 1 && !stop.IsCancellationRequested; sent++)
                {
                    await publisher.SendAsync(message.AsMemory(sent, 1));
                    await Task.Delay(10, Cancelled);
                }
            },
            Cancelled);

        for (var i = 0; i < 2; i++)
        {
            using var idle = await broker.ConnectAsync();
            Assert.Equal(CloseReason.Idle, await idle.ReadToGoodbyeAsync());
        }

        await stop.CancelAsync();
        await sending;
        await publisher.SendAsync(message.AsMemory(sent));
        Assert.Equal(new Receipt(1, 0, 0), await publisher.FenceAsync());
    }

    [Fact]
    public async Task A_connection_beyond_its_rate_is_not_read_and_nothing_is_lost()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.connections.receive-rate=1 MB");
        using var publisher = await broker.ConnectAsync();
        using var subscriber = await broker.ConnectAsync();
        await subscriber.SubscribeAsync(1, "a");
        await subscriber.FenceAsync();
        var clock = System.Diagnostics.Stopwatch.StartNew();

        var reading = Task.Run(
            async () =>
            {
                var count = 0;
                while (count < 2500) count += (await subscriber.ReceiveAsync()).Count;
            },
            Cancelled);
        var frame = RawClient.Publish("a", new string('x', 1000));
        for (var i = 0; i < 2500; i++) await publisher.SendAsync(frame);
        var receipt = await publisher.FenceAsync();
        await reading;

        Assert.Equal(new Receipt(2500, 2500, 0), receipt);
        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(1.3), $"2.5 MB at 1 MB/s, the first of them free, took {clock.Elapsed}");
    }


    [Fact]
    public async Task Connects_beyond_the_accept_rate_wait_for_the_next_second()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.listener.accept-rate=10");
        var clock = System.Diagnostics.Stopwatch.StartNew();

        var clients = new List<RawClient>();
        for (var i = 0; i < 25; i++) clients.Add(RawClient.Open(broker.Socket));
        foreach (var client in clients) await client.GreetAsync();

        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1), BrokerInProcess.Patience);
        clients.ForEach(client => client.Dispose());
    }

    // Keeps the other subscription of a connection in use.
    private static Task UseAsync(BrokerInProcess broker, RawClient client, CancellationToken stop) => Task.Run(
        async () =>
        {
            using var publisher = await broker.ConnectAsync();
            while (!stop.IsCancellationRequested)
            {
                await publisher.PublishAsync("b", "in use");
                await client.ReceiveAsync();
            }
        },
        Cancelled);
}
