using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>Subscribers that do not read, on real sockets: publishers wait, then the gap is counted to both sides.</summary>
public sealed class BackpressureTests
{
    private const int Messages = 60_000;

    [Fact]
    public async Task A_subscriber_that_stops_reading_holds_the_publisher_until_the_stall_timeout_and_then_every_message_is_accounted_for()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.subscriptions.stall-timeout=100ms", "udsbroker.subscriptions.max-pending=1 MiB");
        using var publisher = await broker.ConnectAsync();
        using var stalled = await broker.ConnectAsync();
        await stalled.SubscribeAsync(1, "a");
        await stalled.FenceAsync();

        for (var i = 0; i < Messages; i += 1000)
            await publisher.SendAsync((byte[])[.. Enumerable.Range(i, 1000).SelectMany(number => RawClient.Publish("a", Payload(number)))]);
        var receipt = await publisher.FenceAsync();
        Assert.Equal(((ulong)Messages, (ulong)Messages), (receipt.Published, receipt.Matched));
        Assert.NotEqual(0u, receipt.Dropped);

        var expected = 0;
        ulong missed = 0;
        while (expected < Messages)
        {
            var frame = await stalled.NextFrameAsync();
            FrameScanner.Scan(frame, Limits.Ceiling, out var head);
            if (head.Kind == FrameKind.Missed)
            {
                Assert.True(CommandReader.TryReadMissed(frame, out uint sid, out ulong count, out _));
                Assert.Equal(1u, sid);
                missed += count;
                expected += (int)count;
            }
            else if (head.Kind == FrameKind.Publish)
                Assert.Equal(Payload(expected++), System.Text.Encoding.UTF8.GetString(frame!, head.PayloadStart, head.PayloadLength));
        }

        Assert.Equal(Messages, expected);
        var dropped = receipt.Dropped + (await publisher.FenceAsync()).Dropped;
        Assert.Equal(dropped, missed);
    }

    [Theory]
    [InlineData(new byte[] { 0x93, 0x0A, 0x01, 0xA0 })] // GOODBYE
    [InlineData(new byte[] { 0xC1 })] // a violation
    public async Task Publishers_that_connect_and_leave_do_not_fill_the_backlog_of_a_blocking_subscription(byte[] last)
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.subscriptions.stall-timeout=30m", "udsbroker.subscriptions.max-pending=64 KiB");
        using var stalled = await broker.ConnectAsync();
        await stalled.SubscribeAsync(1, "a", new SubscribeOptions { Credit = 0 });
        await stalled.FenceAsync();
        var payload = new string('.', 8000);

        for (var i = 0; i < 60; i++)
        {
            using var publisher = await broker.ConnectAsync();
            await publisher.SendAsync((byte[])[.. RawClient.Publish("a", payload), .. last]);
            await publisher.ExpectGoodbyeAsync();
        }

        await stalled.SendAsync(output => FrameWriter.Write(output, new CreditCommand(1, 1000)));
        var (accounted, received) = (0ul, 0);
        while (accounted < 60)
        {
            var frame = await stalled.NextFrameAsync();
            FrameScanner.Scan(frame, Limits.Ceiling, out var head);
            if (head.Kind == FrameKind.Publish) received++;
            accounted += head.Kind == FrameKind.Publish ? 1 : CommandReader.TryReadMissed(frame!, out uint _, out ulong count, out _) ? count : 0;
        }

        // 64 KiB hold eight; those whose publishers were just ending may be there besides.
        Assert.InRange(received, 7, 20);
    }

    [Fact]
    public async Task A_stalled_subscriber_that_reads_on_before_the_timeout_misses_nothing()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.subscriptions.stall-timeout=1m");
        using var publisher = await broker.ConnectAsync();
        using var stalled = await broker.ConnectAsync();
        await stalled.SubscribeAsync(1, "a");
        await stalled.FenceAsync();

        var sending = Task.Run(
            async () =>
            {
                for (var i = 0; i < Messages; i += 1000)
                    await publisher.SendAsync((byte[])[.. Enumerable.Range(i, 1000).SelectMany(number => RawClient.Publish("a", Payload(number)))]);
                return await publisher.FenceAsync();
            },
            TestContext.Current.CancellationToken);
        var received = new List<string>();
        while (received.Count < Messages) received.AddRange((await stalled.ReceiveAsync()).Select(message => message.Payload));

        Assert.Equal(Enumerable.Range(0, Messages).Select(Payload), received);
        Assert.Equal(new Receipt(Messages, Messages, 0), await sending);
    }

    [Fact]
    public async Task A_peer_that_sends_pings_and_reads_nothing_is_not_read_from_either()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var greedy = await broker.ConnectAsync();
        var pings = new byte[3 * 100_000];
        for (var i = 0; i < pings.Length; i += 3) new byte[] { 0x92, 0x06, 0x07 }.CopyTo(pings, i);

        var sent = 0;
        var sending = Task.Run(
            async () =>
            {
                for (; sent < 20; sent++) await greedy.SendAsync(pings);
            },
            TestContext.Current.CancellationToken);
        for (var i = 0; i < 20 * 100_000; i++) await greedy.ExpectAsync(FrameKind.Pong);

        await sending;
        Assert.Equal(20, sent);
    }

    private static string Payload(int number) => number.ToString("d8", null) + new string('x', 200);
}
