using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Client;
using UdsBroker.EndToEnd.Tests;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>L4, L10: SIGSTOP, which no end of a socket announces, of a subscriber and of the broker itself.</summary>
public sealed partial class StoppedTests
{
    [Fact]
    public async Task A_stopped_subscriber_holds_its_publishers_for_the_stall_timeout_and_its_memory_is_bounded()
    {
        var campaign = Campaign.Begin("stopped subscriber", inCi: 60_000, whenLong: 1_000_000);
        await using var fixture = await BrokerFixture.StartAsync("--set", "udsbroker.subscriptions.stall-timeout=500ms");
        await using var publisher = new UdsBrokerClient(new UdsBrokerOptions { Path = fixture.Socket });
        await using var healthy = new UdsBrokerClient(new UdsBrokerOptions { Path = fixture.Socket });
        await using var others = await healthy.SubscribeAsync("others", cancellationToken: Campaign.Cancelled);
        var (subscriber, file) = await fixture.SubscriberAsync("stopped", "--lines");
        using var pair = await HonestPair.ConnectAsync(fixture.Socket);
        var alone = await pair.ExchangeAsync(TimeSpan.FromSeconds(1));
        subscriber.Signal("STOP");
        var before = Proc.Resident(fixture.Broker.Id);

        for (var i = 0L; i < campaign.Rounds; i++) await publisher.PublishAsync("stopped", Payload(i), cancellationToken: Campaign.Cancelled);
        var receipt = await publisher.FlushAsync(Campaign.Cancelled);
        var grown = Proc.Resident(fixture.Broker.Id) - before;
        var beside = await pair.ExchangeAsync(TimeSpan.FromSeconds(1));
        await publisher.PublishAsync("others", "served"u8.ToArray(), cancellationToken: Campaign.Cancelled);
        var served = await others.ReadAsync(Campaign.Cancelled);

        Assert.Equal("served"u8.ToArray(), served!.Payload.ToArray());
        Assert.Equal((ulong)campaign.Rounds, receipt.Published);
        Assert.NotEqual(0ul, receipt.Dropped);
        Assert.True(grown < 80 << 20, $"the broker grew by {grown >> 20} MiB");
        subscriber.Signal("CONT");
        var kept = (long)(receipt.Published - receipt.Dropped) * (Payload(0).Length + 1);
        await Wait.Until(() => new FileInfo(file).Length >= kept, () => $"{new FileInfo(file).Length} bytes of {kept} have come");
        subscriber.Signal("INT");
        Assert.Equal(3, await subscriber.WaitForExitAsync());
        var (received, last) = (0L, -1L);
        foreach (var line in File.ReadLines(file))
        {
            var number = long.Parse(line.AsSpan(0, 10), CultureInfo.InvariantCulture);
            Assert.InRange(number, last + 1, campaign.Rounds - 1);
            Assert.Equal(Encoding.ASCII.GetString(Payload(number)), line);
            (received, last) = (received + 1, number);
        }

        var missed = long.Parse(Missed().Match(subscriber.Errors).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Equal(campaign.Rounds, received + missed);
        campaign.Say(
            $"{campaign.Rounds} messages of 1 kB at a stopped subscriber: {received} received and {missed} missed, "
            + $"the broker grew by {grown >> 20} MiB, publishers went on; p99 of an honest pair {alone.TotalMicroseconds:f0} us alone, "
            + $"{beside.TotalMicroseconds:f0} us beside it");

        static byte[] Payload(long number) => Encoding.ASCII.GetBytes(number.ToString("d10", CultureInfo.InvariantCulture).PadRight(1000, 'x'));
    }

    [Fact]
    public async Task A_broker_that_was_stopped_closes_nobody_for_its_own_pause()
    {
        var campaign = Campaign.Begin("stopped broker", inCi: 6, whenLong: 60);
        // The long form is as long as the keep-alive of the defaults, the short one twice as long as a keep-alive of its own.
        await using var fixture = await BrokerFixture.StartAsync(Campaign.IsLong
            ? []
            : ["--set", "udsbroker.keep-alive.ping-interval=1s", "--set", "udsbroker.keep-alive.stale-after=2", "--set", "udsbroker.connections.frame-timeout=1s"]);
        var clients = Enumerable.Range(0, 50).Select(_ => new UdsBrokerClient(new UdsBrokerOptions { Path = fixture.Socket })).ToList();
        var lost = new ConcurrentQueue<DisconnectedEvent>();
        foreach (var client in clients)
        {
            await client.ConnectAsync(Campaign.Cancelled);
            client.Disconnected += lost.Enqueue;
        }

        using var witness = RawClient.Open(fixture.Socket);
        await witness.GreetAsync();

        fixture.Broker.Signal("STOP");
        await Task.Delay(TimeSpan.FromSeconds(campaign.Rounds), Campaign.Cancelled); // the fault itself
        fixture.Broker.Signal("CONT");
        await (Campaign.IsLong ? FenceForAsync(witness, TimeSpan.FromMinutes(2.5)) : AnswerPingsAsync(witness, 6)); // beyond what the broker waits for a sign of life

        foreach (var client in clients) await client.FlushAsync(Campaign.Cancelled);

        Assert.Empty(lost);
        Assert.DoesNotContain("Stale", fixture.Broker.Errors, StringComparison.Ordinal);
        Assert.All(clients, client => Assert.True(client.IsConnected));
        campaign.Say($"a broker stopped for {campaign.Rounds} s with 50 clients and a keep-alive of {(Campaign.IsLong ? "twice 30 s, the default" : "twice 1 s")}: nobody left");
        foreach (var client in clients) await client.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_had_just_connected_when_the_broker_was_stopped_is_welcomed_all_the_same()
    {
        await using var fixture = await BrokerFixture.StartAsync("--set", "udsbroker.connections.handshake-timeout=2s");
        var before = Proc.Descriptors(fixture.Broker.Id);
        var clients = Enumerable.Range(0, 20).Select(_ => RawClient.Open(fixture.Socket)).ToList();
        await Wait.Until(() => Proc.Descriptors(fixture.Broker.Id) >= before + clients.Count, "all are accepted");

        fixture.Broker.Signal("STOP");
        foreach (var client in clients) await client.SendAsync(Frames.Hello());
        await Task.Delay(TimeSpan.FromSeconds(5), Campaign.Cancelled); // the fault itself: more than twice the time for a HELLO
        fixture.Broker.Signal("CONT");

        foreach (var client in clients) await client.ExpectAsync(FrameKind.Welcome);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_subscriber_that_blocks_is_not_taken_for_stalled_because_the_broker_was_stopped()
    {
        const int Messages = 500;
        await using var fixture = await BrokerFixture.StartAsync(
            "--set", "udsbroker.subscriptions.stall-timeout=4s", "--set", "udsbroker.subscriptions.max-pending=64 KiB");
        using var subscriber = RawClient.Open(fixture.Socket);
        using var publisher = RawClient.Open(fixture.Socket);
        await subscriber.GreetAsync();
        await publisher.GreetAsync();
        await subscriber.SubscribeAsync(1, "n", new SubscribeOptions { Overflow = OverflowPolicy.Block, Credit = 1 });
        await subscriber.FenceAsync();
        byte[] all = [.. Enumerable.Range(0, Messages).SelectMany(number => RawClient.Publish("n", Payload(number)))];
        var publishing = Task.Run(
            async () =>
            {
                await publisher.SendAsync(all);
                return await publisher.FenceAsync();
            },
            Campaign.Cancelled);
        var received = (await subscriber.ReceiveAsync()).Select(message => message.Payload).ToList(); // the next one holds the publisher

        fixture.Broker.Signal("STOP");
        await Task.Delay(TimeSpan.FromSeconds(6), Campaign.Cancelled); // the fault itself: longer than the stall timeout
        fixture.Broker.Signal("CONT");
        await Task.Delay(TimeSpan.FromSeconds(0.5), Campaign.Cancelled); // what nobody may be blamed for: the broker's timers are at work before the subscriber is
        await subscriber.SendAsync(output => FrameWriter.Write(output, new CreditCommand(1, Messages)));
        while (received.Count < Messages) received.AddRange((await subscriber.ReceiveAsync()).Select(message => message.Payload));

        Assert.Equal(Enumerable.Range(0, Messages).Select(Payload), received);
        Assert.Equal(new Receipt(Messages, Messages, 0), await publishing);
        await subscriber.FenceAsync(2);

        static string Payload(int number) => number.ToString("d8", CultureInfo.InvariantCulture) + new string('x', 4000);
    }

    private static async Task AnswerPingsAsync(RawClient client, int count)
    {
        for (var beats = 0; beats < count; beats++)
        {
            await client.ExpectAsync(FrameKind.Ping);
            await client.SendAsync(Frames.Pong(0));
        }
    }

    private static async Task FenceForAsync(RawClient client, TimeSpan time)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time; await Task.Delay(TimeSpan.FromSeconds(2), Campaign.Cancelled)) await client.FenceAsync();
    }

    [GeneratedRegex("missed ([0-9]+) messages")]
    private static partial Regex Missed();
}
