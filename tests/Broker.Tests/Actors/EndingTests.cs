using Akka.Actor;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>How connections end: for one reason each, said in GOODBYE, and without harm to others.</summary>
public sealed class EndingTests
{
    [Theory]
    [InlineData("c1", CloseReason.Violation)]
    [InlineData("9563", CloseReason.Violation)]
    [InlineData("9505db7fffffff", CloseReason.FrameTooBig)]
    [InlineData("93010180", CloseReason.Violation)]
    public async Task A_peer_that_breaks_the_protocol_is_told_why_and_closed_and_nobody_else_notices(string hex, CloseReason reason)
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var bystander = await broker.ConnectAsync();
        await bystander.SubscribeAsync(1, ">");
        await bystander.FenceAsync();
        using var offender = await broker.ConnectAsync();

        await offender.SendAsync((byte[])[.. RawClient.Publish("last", "words"), .. Convert.FromHexString(hex)]);

        Assert.Equal(reason, (await offender.ExpectGoodbyeAsync()).Reason);
        Assert.Equal("words", Assert.Single(await bystander.ReceiveAsync()).Payload);
        await bystander.FenceAsync();
    }

    [Fact]
    public async Task A_peer_whose_first_frame_is_not_hello_is_told_so()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var client = RawClient.Open(broker.Socket);
        await client.PublishAsync("a", "b");

        var goodbye = await client.ExpectGoodbyeAsync();

        Assert.Equal(CloseReason.Violation, goodbye.Reason);
        Assert.Contains("HELLO", goodbye.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_never_completes_hello_is_closed_after_the_handshake_timeout()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.connections.handshake-timeout=100ms");
        using var client = RawClient.Open(broker.Socket);
        await client.SendAsync(new byte[] { 0x93, 0x01 });

        Assert.Equal(CloseReason.HandshakeTimeout, (await client.ExpectGoodbyeAsync()).Reason);
    }

    [Fact]
    public async Task A_silent_peer_is_probed_with_pings_and_closed_as_stale()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.keep-alive.ping-interval=100ms", "udsbroker.keep-alive.stale-after=3");
        using var client = await broker.ConnectAsync();

        // A broker that was itself suspended, as on a busy machine, does not count the interval and probes once more.
        var pings = 0;
        byte[]? frame;
        while (IsPing(frame = await client.NextFrameAsync())) pings++;

        Assert.InRange(pings, 3, int.MaxValue);
        Assert.True(CommandReader.TryReadGoodbye(frame, out var goodbye, out _));
        Assert.Equal(CloseReason.Stale, goodbye.Reason);
    }

    [Fact]
    public async Task A_peer_that_answers_pings_stays()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.keep-alive.ping-interval=100ms", "udsbroker.keep-alive.stale-after=20");
        using var client = await broker.ConnectAsync();

        // More pings than a peer may leave unanswered; that number is large, so that a busy machine does not decide the result.
        for (var i = 0; i < 30; i++)
        {
            Assert.True(CommandReader.TryReadPing(await client.ExpectAsync(FrameKind.Ping), out ulong token));
            await client.SendAsync(output => FrameWriter.Write(output, new PongCommand(token, null)));
        }
    }

    [Fact]
    public async Task A_goodbye_of_the_client_is_answered_and_the_connection_closes()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.SendAsync(output => FrameWriter.Write(output, new GoodbyeCommand(CloseReason.ClientClosed, "enough")));

        Assert.Equal(CloseReason.ClientClosed, (await client.ExpectGoodbyeAsync()).Reason);
    }

    [Fact]
    public async Task A_client_that_shuts_down_its_side_after_goodbye_still_gets_all_that_is_queued_for_it()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var publisher = await broker.ConnectAsync();
        using var subscriber = await broker.ConnectAsync();
        await subscriber.SubscribeAsync(1, ">");
        await subscriber.FenceAsync();
        // More than the kernel takes and less than the watermark: most of it waits in the broker.
        byte[] many = [.. Enumerable.Range(0, 40).SelectMany(number => RawClient.Publish("a", $"{number}" + new string('.', 20_000)))];
        await publisher.SendAsync(many);
        await publisher.FenceAsync();

        await subscriber.SendAsync(output => FrameWriter.Write(output, new GoodbyeCommand(CloseReason.ClientClosed, "enough")));
        subscriber.CloseInput();

        // Not needed for correctness: a broker that closes at the end of the bytes has done so after that many round trips.
        for (var i = 0; i < 200; i++) await publisher.FenceAsync();
        var (messages, goodbye) = await subscriber.ReceiveToGoodbyeAsync();
        Assert.Equal(Enumerable.Range(0, 40).Select(number => $"{number}"), messages.Select(message => message.Payload.TrimEnd('.')));
        Assert.Equal(CloseReason.ClientClosed, goodbye.Reason);
        Assert.Equal(0ul, (await publisher.FenceAsync()).Dropped);
    }

    [Fact]
    public async Task One_connection_too_many_is_refused_with_the_numbers_and_the_next_is_accepted_when_one_has_ended()
    {
        await using var broker = await BrokerInProcess.StartAsync(2);
        using var first = await broker.ConnectAsync();
        var second = await broker.ConnectAsync();
        using var third = RawClient.Open(broker.Socket);

        var goodbye = await third.ExpectGoodbyeAsync();

        Assert.Equal(CloseReason.TooManyConnections, goodbye.Reason);
        Assert.Contains("2 connections; at most 2", goodbye.Message, StringComparison.Ordinal);
        var traffic = broker.Context.Traffic;
        Assert.Equal((3, 2, 1), (traffic.ConnectionsAccepted, traffic.ConnectionsOpen, traffic.ConnectionsEndedFor(CloseReason.TooManyConnections)));
        var actor = await broker.FindAsync($"connections/{second.Id}");
        second.Dispose();
        await actor.GracefulStop(BrokerInProcess.Patience);
        await first.FenceAsync();
        using var fourth = await broker.ConnectAsync();
    }

    [Fact]
    public async Task A_drain_delivers_what_is_queued_says_goodbye_and_leaves_no_socket_behind()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var publisher = await broker.ConnectAsync();
        using var subscriber = await broker.ConnectAsync();
        await subscriber.SubscribeAsync(1, ">");
        await subscriber.FenceAsync();
        byte[] many = [.. Enumerable.Range(0, 5000).SelectMany(number => RawClient.Publish("a", $"{number}"))];
        await publisher.SendAsync(many);
        await publisher.FenceAsync();

        var drained = broker.DrainAsync();

        var received = new List<string>();
        while (received.Count < 5000) received.AddRange((await subscriber.ReceiveAsync()).Select(message => message.Payload));
        Assert.Equal(Enumerable.Range(0, 5000).Select(number => $"{number}"), received);
        Assert.Equal(CloseReason.BrokerShutdown, (await subscriber.ExpectGoodbyeAsync()).Reason);
        Assert.Equal(CloseReason.BrokerShutdown, (await publisher.ExpectGoodbyeAsync()).Reason);
        await drained;
        Assert.False(File.Exists(broker.Socket));
    }

    private static bool IsPing(byte[]? frame) => FrameScanner.Scan(frame, Limits.Default, out var head) == ScanResult.Done && head.Kind == FrameKind.Ping;
}
