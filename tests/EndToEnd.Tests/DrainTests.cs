using System.Globalization;
using System.Text;
using UdsBroker.Client;
using UdsBroker.Protocol;

namespace UdsBroker.EndToEnd.Tests;

/// <summary>
/// Endings in the middle of traffic, with publishers that go on: what a subscription, a client and a broker lose when they leave in order, which is
/// nothing.
/// </summary>
public sealed class DrainTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_drained_subscription_gets_everything_that_was_published_before_and_nothing_is_dropped()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await using var client = fixture.Client();
        await using var subscription = await client.SubscribeAsync("n", new SubscriptionOptions { Credit = 16, PendingMessages = 16 }, Token);
        var tally = new Tally(subscription);
        var publisher = fixture.Udsb("pub", "n", "-", "--lines", "--receipt");
        using var enough = new CancellationTokenSource();
        var feeding = FeedAsync(publisher, enough.Token);
        await tally.ReadToAsync(1000);

        // Nobody reads meanwhile: what waited in the broker comes all the same.
        await subscription.DrainAsync(Token);
        await tally.ReadToEndAsync();

        // The publisher, which may have been held back, goes on.
        await enough.CancelAsync();
        var fed = await feeding.WaitAsync(ChildProcess.Patience, Token);
        Assert.Equal(0, await publisher.WaitForExitAsync());
        Assert.Equal((0ul, 0L), (subscription.MissedCount, tally.MissedBetween));
        Assert.Equal($"published {fed}, matched {tally.Read.Count}, dropped 0", publisher.Errors);
    }

    [Fact]
    public async Task A_drained_client_answers_everything_that_reached_it_and_nothing_is_dropped()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await using var listener = fixture.Client();
        await using var answers = await listener.SubscribeAsync("answers", cancellationToken: Token);
        var counting = CountAsync(answers);
        var client = fixture.Client();
        var subscriptions = new List<Subscription>();
        for (var i = 0; i < 3; i++) subscriptions.Add(await client.SubscribeAsync($"n.{i}", new SubscriptionOptions { Credit = 8 }, Token));
        var answering = subscriptions.Select(subscription => Task.Run(() => AnswerAsync(client, subscription), Token)).ToArray();
        using var enough = new CancellationTokenSource();
        var publishing = Enumerable.Range(0, 3).Select(i => PublishUntilAsync(fixture, $"n.{i}", enough.Token)).ToArray();
        while (subscriptions.Any(subscription => subscription.PendingMessages == 0)) await client.PingAsync(Token);

        await client.DrainAsync(Token);

        var answered = await Task.WhenAll(answering).WaitAsync(ChildProcess.Patience, Token);
        await enough.CancelAsync();
        var receipts = await Task.WhenAll(publishing).WaitAsync(ChildProcess.Patience, Token);
        Assert.Equal(receipts.Select(receipt => (long)receipt.Matched), answered);
        Assert.All(receipts, receipt => Assert.Equal(0ul, receipt.Dropped));
        Assert.All(receipts, receipt => Assert.True(receipt.Published > receipt.Matched, "the publisher did not go on"));
        await answers.DrainAsync(Token);
        Assert.Equal(answered.Sum(), await counting.WaitAsync(ChildProcess.Patience, Token));
    }

    [Fact]
    public async Task A_broker_that_is_terminated_in_the_middle_accounts_for_every_message_and_its_clients_come_back()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await using var fast = fixture.Client();
        await using var slow = fixture.Client();
        // It does not come back: what it publishes while away would be routed, and confirmed, by the next broker, where nobody counts.
        var publisher = fixture.Client(reconnect: false);
        await using var closing = publisher;
        // It is read at the end, so it has room for whatever is published until the broker is gone.
        var all = await fast.SubscribeAsync("n", new SubscriptionOptions { Credit = 0, PendingMessages = int.MaxValue, PendingBytes = int.MaxValue }, Token);
        var behind = await slow.SubscribeAsync("n", new SubscriptionOptions { Credit = 4, Overflow = OverflowPolicy.DropOldest, BrokerPendingBytes = 16 << 10 }, Token);
        var (quick, late) = (new Tally(all), new Tally(behind));
        var gone = new TaskCompletionSource<DisconnectedEvent>();
        publisher.Disconnected += end => gone.TrySetResult(end); // of what it never sent it is told apart, by another
        var (fastGone, slowGone) = (new TaskCompletionSource(), new TaskCompletionSource());
        fast.Disconnected += _ => fastGone.TrySetResult();
        slow.Disconnected += _ => slowGone.TrySetResult();
        var returned = new TaskCompletionSource();
        fast.Connected += _ => returned.TrySetResult();

        var receipt = default(Receipt);
        Task<Receipt>? open = null;
        for (var first = 0L; !gone.Task.IsCompleted; first += 100)
        {
            if (await Record.ExceptionAsync(() => Tally.PublishAsync(publisher, _ => "n", first, 100)) is { } refused)
            {
                Assert.IsType<ConnectionLostException>(refused);
                break;
            }

            if (first == 5000) fixture.Broker.Signal("TERM");
            open = publisher.FlushAsync(Token).AsTask();
            await Task.WhenAny(open, gone.Task);
            if (!open.IsCompletedSuccessfully)
            {
                await gone.Task.WaitAsync(ChildProcess.Patience, Token);
                break;
            }

            receipt += await open;
            open = null;
        }

        Assert.Equal(0, await fixture.Broker.WaitForExitAsync());
        var inDoubt = (await gone.Task.WaitAsync(ChildProcess.Patience, Token)).PublishesInDoubt;
        await Task.WhenAll(fastGone.Task, slowGone.Task).WaitAsync(ChildProcess.Patience, Token);
        await quick.ReadToAsync(0);
        await late.ReadToAsync(0);

        await fixture.StartBrokerAsync();
        await returned.Task.WaitAsync(ChildProcess.Patience, Token);
        // The last flush may have been confirmed as the connection ended.
        if (open is not null && await Record.ExceptionAsync(() => open.WaitAsync(ChildProcess.Patience, Token)) is null) receipt += await open;

        // Connections are drained one by one: what the publisher sent after a subscriber's turn matched one less.
        Assert.InRange(quick.Accounted + late.Accounted, receipt.Matched, receipt.Matched + (2 * (ulong)inDoubt));
        foreach (var tally in new[] { quick, late }) Assert.InRange(tally.Accounted, 5000ul, receipt.Published + (ulong)inDoubt);
        Assert.Equal(0, quick.MissedBetween);

        await fast.PublishAsync("n", "again"u8.ToArray(), cancellationToken: Token);
        Message message;
        do message = await all.ReadAsync(Token);
        while (Encoding.ASCII.GetString(message.Payload.Span) != "again");
    }

    private static async Task<long> FeedAsync(ChildProcess publisher, CancellationToken enough)
    {
        var number = 0L;
        for (; !enough.IsCancellationRequested; number++)
            await publisher.Input.WriteAsync(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture) + "\n"), CancellationToken.None);
        publisher.CloseInput();
        return number;
    }

    private static async Task<long> CountAsync(Subscription subscription)
    {
        var count = 0L;
        await foreach (var _ in subscription) count++;
        return count;
    }

    private static async Task<long> AnswerAsync(UdsBrokerClient client, Subscription subscription)
    {
        var count = 0L;
        await foreach (var message in subscription)
        {
            await client.PublishAsync("answers", message.Payload);
            count++;
        }

        return count;
    }

    private static async Task<Receipt> PublishUntilAsync(BrokerFixture fixture, string subject, CancellationToken enough)
    {
        await using var publisher = fixture.Client();
        var receipt = default(Receipt);
        while (!enough.IsCancellationRequested)
        {
            for (var i = 0; i < 50; i++) await publisher.PublishAsync(subject, new byte[100], cancellationToken: CancellationToken.None);
            receipt += await publisher.FlushAsync(CancellationToken.None);
        }

        return receipt;
    }
}
