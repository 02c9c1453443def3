using System.Diagnostics;
using System.Text;
using UdsBroker.Client;
using UdsBroker.EndToEnd.Tests;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// A mixed load for as long as one likes: a publisher, a reader, a reader that is too slow, a service that is asked, a group that shares work, a
/// retained subject, clients that come and go. Memory and descriptors stay flat, and in the end every delivery is accounted for.
/// </summary>
public sealed class SoakTests
{
    /// <summary>From half time to the end: in the short form the runtime still compiles at half time.</summary>
    private const int MostGrowth = 12 << 20;

    [Fact]
    public async Task Under_mixed_load_memory_and_descriptors_stay_flat_and_every_delivery_is_accounted_for()
    {
        var campaign = Campaign.Begin("soak, seconds", inCi: 15, whenLong: 3600);
        await using var fixture = await BrokerFixture.StartAsync("--set", "udsbroker.log.level=error");
        await using var publisher = new UdsBrokerClient(new UdsBrokerOptions { Path = fixture.Socket });
        await using var receiver = new UdsBrokerClient(new UdsBrokerOptions { Path = fixture.Socket });
        await using var fast = await receiver.SubscribeAsync("soak.>", cancellationToken: Campaign.Cancelled);
        await using var slow = await receiver.SubscribeAsync(
            "soak.*", new SubscriptionOptions { Overflow = OverflowPolicy.DropOldest, BrokerPendingBytes = 100_000, Credit = 100 }, Campaign.Cancelled);
        using var stop = new CancellationTokenSource();
        var readers = new[] { new SoakReader(fast, TimeSpan.Zero), new SoakReader(slow, TimeSpan.FromMilliseconds(5)) };
        var reading = readers.Select(reader => reader.ReadAsync(stop.Token)).ToList();
        var churn = ChurnAsync(fixture.Socket, stop.Token);
        await using var clients = new SoakClients(fixture.Socket);
        var beside = clients.RunAsync(stop.Token);
        var clock = Stopwatch.StartNew();
        var samples = new List<(long Resident, int Descriptors)>();
        ulong matched = 0, dropped = 0, published = 0;
        while (clock.Elapsed < TimeSpan.FromSeconds(campaign.Rounds))
        {
            for (var i = 0; i < 200; i++) await publisher.PublishAsync($"soak.{i % 7}", new byte[i % 50 == 0 ? 20_000 : 100], cancellationToken: Campaign.Cancelled);
            Add(await publisher.FlushAsync(Campaign.Cancelled));
            if (clock.Elapsed.TotalSeconds > samples.Count * campaign.Rounds / 60.0)
                samples.Add((Proc.Resident(fixture.Broker.Id), Proc.Descriptors(fixture.Broker.Id)));
        }

        await Wait.Until(() => readers[0].Seen + readers[1].Seen >= (long)matched, () => $"{readers[0].Seen} and {readers[1].Seen} seen of {matched}");
        Add(await publisher.FlushAsync(Campaign.Cancelled));
        await stop.CancelAsync();
        await Task.WhenAll(reading);
        var sessions = await churn;
        await beside;

        Assert.Equal(2 * published, matched);
        Assert.All(readers, reader => Assert.Equal((long)published, reader.Seen));
        Assert.Equal((long)dropped, readers.Sum(reader => reader.Missed));
        var (half, last) = (samples[samples.Count / 2], samples[^1]);
        campaign.Say(
            $"{clock.Elapsed.TotalSeconds:f0} s: {published} messages, {matched} deliveries, {dropped} dropped and every one of them told; {sessions} short sessions; "
            + $"{clients.Figures}; "
            + $"resident {half.Resident >> 20} MiB at half time and {last.Resident >> 20} MiB at the end, descriptors {half.Descriptors} and {last.Descriptors}");
        Assert.True(last.Resident - half.Resident < MostGrowth, $"{half.Resident} to {last.Resident} bytes resident");
        Assert.InRange(last.Descriptors, 0, half.Descriptors + 16);

        void Add(Receipt receipt)
        {
            published += receipt.Published;
            matched += receipt.Matched;
            dropped += receipt.Dropped;
        }
    }

    // Clients that come, write to themselves, and go.
    private static async Task<int> ChurnAsync(string socket, CancellationToken stop)
    {
        var sessions = 0;
        while (!stop.IsCancellationRequested)
        {
            await using var client = new UdsBrokerClient(new UdsBrokerOptions { Path = socket, ConnectTimeout = Wait.Patience });
            await using var inbox = await client.SubscribeAsync("churn.self", cancellationToken: Campaign.Cancelled);
            await client.PublishAsync("churn.self", Encoding.ASCII.GetBytes("hello"), cancellationToken: Campaign.Cancelled);
            await client.FlushAsync(Campaign.Cancelled);
            sessions++;
        }

        return sessions;
    }

    private sealed class SoakReader(Subscription subscription, TimeSpan pause)
    {
        private long _received;

        internal long Missed => (long)subscription.MissedCount;

        /// <summary>Messages that came or were told to be missing.</summary>
        internal long Seen => Interlocked.Read(ref _received) + Missed;

        internal async Task ReadAsync(CancellationToken stop)
        {
            try
            {
                await foreach (var message in subscription.WithCancellation(stop))
                {
                    if (Interlocked.Increment(ref _received) % 100 == 0 && pause > TimeSpan.Zero) await Task.Delay(pause, stop);
                }
            }
            catch (OperationCanceledException)
            {
                // The soak is over.
            }
        }
    }
}
