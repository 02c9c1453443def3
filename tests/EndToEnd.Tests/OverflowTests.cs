using UdsBroker.Client;
using UdsBroker.Protocol;

namespace UdsBroker.EndToEnd.Tests;

/// <summary>
/// Each overflow policy as docs/flow-control.md describes it, through the client library and a real broker: a reader that stands still, a publisher
/// that goes on, and at the end the reader's account and the publisher's receipt say the same.
/// </summary>
public sealed class OverflowTests
{
    private const long Count = 20_000;
    private const int Pending = 64 << 10;

    // Long enough that it does not play a part, however slow the machine is.
    private const string NoStall = "--set=udsbroker.subscriptions.stall-timeout=30m";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Block_lets_the_publisher_wait_and_loses_nothing()
    {
        await using var fixture = await BrokerFixture.StartAsync(NoStall);
        await using var subscriber = fixture.Client();
        await using var publisher = fixture.Client();
        var tally = new Tally(await subscriber.SubscribeAsync("n", Bounded(OverflowPolicy.Block), Token));

        var publishing = PublishAsync(publisher);
        await LetTimePassAsync(subscriber);
        Assert.False(publishing.IsCompleted);
        await tally.ReadToAsync((ulong)Count);

        Assert.Equal(new Receipt(Count, Count, 0), await publishing.WaitAsync(ChildProcess.Patience, Token));
        Assert.Equal((Count, 0L), (tally.Read.Count, tally.MissedBetween));
    }

    [Fact]
    public async Task Block_without_progress_drops_the_oldest_after_the_stall_timeout_and_publishers_go_on()
    {
        await using var fixture = await BrokerFixture.StartAsync("--set=udsbroker.subscriptions.stall-timeout=200ms");
        await using var subscriber = fixture.Client();
        await using var publisher = fixture.Client();
        var tally = new Tally(await subscriber.SubscribeAsync("n", Bounded(OverflowPolicy.Block), Token));

        var receipt = await PublishAsync(publisher).WaitAsync(ChildProcess.Patience, Token);
        await tally.ReadToAsync((ulong)Count);

        Assert.Equal(Count - 1, tally.Read[^1].Number);
        await AssertAccountsAsync(publisher, receipt, tally, published: Count);
        Assert.InRange(tally.Read.Count, Pending / 2 / 100, Count / 2);
    }

    [Fact]
    public async Task Drop_oldest_keeps_the_newest_and_reports_the_gap_before_them()
    {
        await using var fixture = await BrokerFixture.StartAsync(NoStall);
        await using var subscriber = fixture.Client();
        await using var publisher = fixture.Client();
        var tally = new Tally(await subscriber.SubscribeAsync("n", Bounded(OverflowPolicy.DropOldest), Token));

        var receipt = await PublishAsync(publisher).WaitAsync(ChildProcess.Patience, Token);
        await tally.ReadToAsync((ulong)Count);

        Assert.Equal(Count - 1, tally.Read[^1].Number);
        var waited = tally.Read.Count(message => message.Number > Count / 2);
        Assert.InRange(waited * 100, Pending / 2, Pending);
        await AssertAccountsAsync(publisher, receipt, tally, published: Count);
    }

    [Fact]
    public async Task Drop_newest_keeps_what_came_first_and_reports_the_gap_after_it()
    {
        await using var fixture = await BrokerFixture.StartAsync(NoStall);
        await using var subscriber = fixture.Client();
        await using var publisher = fixture.Client();
        var tally = new Tally(await subscriber.SubscribeAsync("n", Bounded(OverflowPolicy.DropNewest), Token));

        // The first one leaves on credit; if it left in the midst of the others, one of those that come late would have its room.
        await Tally.PublishAsync(publisher, _ => "n", 0, 1);
        var receipt = await publisher.FlushAsync(Token);
        await Tally.PublishAsync(publisher, _ => "n", 1, Count - 1);
        receipt += await publisher.FlushAsync(Token);
        await tally.ReadToAsync((ulong)Count);
        Assert.Equal(Enumerable.Range(0, tally.Read.Count).Select(number => (long)number), tally.Read.Select(message => message.Number));
        Assert.InRange(tally.Read.Count * 100, Pending / 2, Pending * 2);
        await Tally.PublishAsync(publisher, _ => "n", Count, 1);
        await tally.ReadToAsync((ulong)Count + 1);

        Assert.Equal(Count, tally.Read[^1].Number);
        await AssertAccountsAsync(publisher, receipt, tally, published: Count + 1);
    }

    [Fact]
    public async Task Latest_keeps_the_newest_of_each_subject()
    {
        await using var fixture = await BrokerFixture.StartAsync(NoStall);
        await using var subscriber = fixture.Client();
        await using var publisher = fixture.Client();
        var tally = new Tally(await subscriber.SubscribeAsync("pos.*", Bounded(OverflowPolicy.Latest), Token));

        await Tally.PublishAsync(publisher, number => $"pos.{number % 10}", 0, Count);
        var receipt = await publisher.FlushAsync(Token);
        await tally.ReadToAsync((ulong)Count);

        Assert.Equal(Enumerable.Range((int)Count - 10, 10).Select(number => ((long)number, $"pos.{number % 10}")), tally.Read[^10..]);
        Assert.InRange(tally.Read.Count, 10, 50);
        await AssertAccountsAsync(publisher, receipt, tally, published: Count);
    }

    [Fact]
    public async Task Disconnect_reports_what_was_missed_and_closes_as_slow_consumer()
    {
        await using var fixture = await BrokerFixture.StartAsync(NoStall);
        await using var subscriber = fixture.Client(reconnect: false);
        await using var publisher = fixture.Client();
        var tally = new Tally(await subscriber.SubscribeAsync("n", Bounded(OverflowPolicy.Disconnect), Token));

        var receipt = await PublishAsync(publisher).WaitAsync(ChildProcess.Patience, Token);
        var lost = await Assert.ThrowsAsync<ConnectionLostException>(tally.ReadToEndAsync);

        Assert.Equal(CloseReason.SlowConsumer, lost.Reason);
        receipt += await publisher.FlushAsync(Token);
        Assert.Equal((ulong)Count, receipt.Published);
        Assert.InRange(receipt.Matched, 1ul, (ulong)Count / 2);
        Assert.Equal(receipt.Matched, tally.Accounted);
        Assert.Equal(receipt.Matched - receipt.Dropped, (ulong)tally.Read.Count);
        await fixture.Broker.WaitForErrorLineAsync("SlowConsumer");
    }

    [Fact]
    public async Task A_stalled_subscription_does_not_hold_its_sibling_on_the_same_connection()
    {
        await using var fixture = await BrokerFixture.StartAsync(NoStall);
        await using var subscriber = fixture.Client();
        await using var flood = fixture.Client();
        await using var publisher = fixture.Client();
        var stuck = new Tally(await subscriber.SubscribeAsync("n", Bounded(OverflowPolicy.Block), Token));
        var live = new Tally(await subscriber.SubscribeAsync("live", cancellationToken: Token));
        var flooding = PublishAsync(flood);

        var publishing = Tally.PublishAsync(publisher, _ => "live", 0, Count);
        await live.ReadToAsync((ulong)Count);
        await publishing.WaitAsync(ChildProcess.Patience, Token);
        Assert.Equal(new Receipt(Count, Count, 0), await publisher.FlushAsync(Token));
        Assert.False(flooding.IsCompleted);

        await stuck.ReadToAsync((ulong)Count);
        Assert.Equal(new Receipt(Count, Count, 0), await flooding.WaitAsync(ChildProcess.Patience, Token));
    }

    [Fact]
    public async Task A_publisher_that_has_to_wait_for_long_does_not_take_the_broker_for_dead()
    {
        await using var fixture = await BrokerFixture.StartAsync(
            NoStall, "--set=udsbroker.keep-alive.ping-interval=100ms", "--set=udsbroker.system.statistics-interval=1s");
        await using var subscriber = fixture.Client();
        await using var publisher = new UdsBrokerClient(new UdsBrokerOptions { Path = fixture.Socket, PingInterval = TimeSpan.FromSeconds(1), MaxPingsOut = 2 });
        var lost = 0;
        publisher.Disconnected += _ => lost++;
        var tally = new Tally(await subscriber.SubscribeAsync("n", Bounded(OverflowPolicy.Block), Token));

        await using var seconds = await subscriber.SubscribeAsync("$SYS.stats", cancellationToken: Token);

        var publishing = PublishAsync(publisher);
        // Well beyond the publisher's patience of three seconds, by the broker's own count of them.
        for (var second = 0; second < 6; second++) await seconds.ReadAsync(Token).AsTask().WaitAsync(ChildProcess.Patience, Token);
        Assert.False(publishing.IsCompleted);
        Assert.Equal(0, lost);
        await tally.ReadToAsync((ulong)Count);

        Assert.Equal(new Receipt(Count, Count, 0), await publishing.WaitAsync(ChildProcess.Patience, Token));
    }

    [Fact]
    public async Task Udsb_says_how_many_it_missed_and_its_numbers_are_those_of_the_publisher()
    {
        await using var fixture = await BrokerFixture.StartAsync(NoStall);
        var (process, file) = await fixture.SubscriberAsync("n", "--json", "--overflow", "drop-oldest", "--pending", "16KiB", "--credit", "1", "--max", $"{Count}");
        process.Signal("STOP");
        var publisher = fixture.Udsb("pub", "n", "-", "--lines", "--receipt");
        for (var number = 0; number < Count; number++) await publisher.Input.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"{number}\n"), Token);
        publisher.CloseInput();
        Assert.Equal(3, await publisher.WaitForExitAsync());
        process.Signal("CONT");

        Assert.Equal(3, await process.WaitForExitAsync());
        var read = (await File.ReadAllLinesAsync(file, Token)).Length;
        Assert.InRange(read, 10, Count / 2);
        Assert.Contains($"udsb: missed {Count - read} messages", process.Errors, StringComparison.Ordinal);
        Assert.Equal($"published {Count}, matched {Count}, dropped {Count - read}", publisher.Errors);
    }

    // One message may be here and unread: the reader counts as behind at once.
    private static SubscriptionOptions Bounded(OverflowPolicy policy) => new() { Overflow = policy, BrokerPendingBytes = Pending, Credit = 1 };

    private static async Task<Receipt> PublishAsync(UdsBrokerClient publisher)
    {
        await Tally.PublishAsync(publisher, _ => "n", 0, Count);
        return await publisher.FlushAsync(Token);
    }

    // What is not over after that many round trips is not over.
    private static async Task LetTimePassAsync(UdsBrokerClient client)
    {
        for (var i = 0; i < 200; i++) await client.PingAsync(Token);
    }

    private static async Task AssertAccountsAsync(UdsBrokerClient publisher, Receipt receipt, Tally tally, long published)
    {
        receipt += await publisher.FlushAsync(Token);
        Assert.Equal(new Receipt((ulong)published, (ulong)published, (ulong)(published - tally.Read.Count)), receipt);
        Assert.Equal((ulong)published, tally.Accounted);
    }
}
