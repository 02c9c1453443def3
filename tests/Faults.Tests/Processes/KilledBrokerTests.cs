using System.Diagnostics;
using System.Text;
using UdsBroker.Client;
using UdsBroker.EndToEnd.Tests;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// C11, C15: a broker killed under load and started again on the same path. It takes the stale socket over; clients of the library come back
/// and resubscribe by themselves; nobody gets a message twice or out of order.
/// </summary>
public sealed class KilledBrokerTests
{
    [Fact]
    public async Task Clients_come_back_by_themselves_after_every_kill()
    {
        var campaign = Campaign.Begin("killed brokers", inCi: 4, whenLong: 200);
        await using var fixture = await BrokerFixture.StartAsync();
        await using var publisher = new UdsBrokerClient(new UdsBrokerOptions { Path = fixture.Socket });
        await using var subscriber = new UdsBrokerClient(new UdsBrokerOptions { Path = fixture.Socket });
        await using var subscription = await subscriber.SubscribeAsync("load.*", cancellationToken: Campaign.Cancelled);
        var reader = new LoadReader(subscription);
        using var stop = new CancellationTokenSource();
        var load = PublishAsync(publisher, stop.Token);
        var reading = reader.ReadAsync(stop.Token);
        var (recovered, outages) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = 0L; round < campaign.Rounds; round++)
        {
            await reader.UntilAfterAsync(reader.Latest);
            var outage = Stopwatch.StartNew();
            fixture.Broker.Signal("KILL");
            await fixture.Broker.WaitForExitAsync();
            Assert.True(File.Exists(fixture.Socket));
            await fixture.StartBrokerAsync();
            var clock = Stopwatch.StartNew();
            await reader.UntilAfterAsync(reader.Latest);
            recovered.Add(clock.Elapsed);
            outages.Add(outage.Elapsed);
        }

        await stop.CancelAsync();
        await load;
        await reading;
        recovered.Sort();
        outages.Sort();
        campaign.Say(
            $"{campaign.Rounds} kills under load, {reader.Count} messages in order and none twice; from the kill to the next message "
            + $"{outages[outages.Count / 2].TotalMilliseconds:f0} ms (median), {outages[(int)(outages.Count * 0.99)].TotalMilliseconds:f0} ms (p99), "
            + $"{outages[^1].TotalMilliseconds:f0} ms at most, the start of the next broker included; once that serves "
            + $"{recovered[recovered.Count / 2].TotalMilliseconds:f0} ms (median), {recovered[^1].TotalMilliseconds:f0} ms at most");
        if (Campaign.IsLong) Assert.True(recovered[(int)(recovered.Count * 0.99)] < TimeSpan.FromSeconds(1));
    }

    // Numbers, as fast as they are taken; what a lost connection leaves unknown is not sent again.
    private static async Task PublishAsync(UdsBrokerClient client, CancellationToken stop)
    {
        for (var number = 0L; !stop.IsCancellationRequested; number++)
        {
            try
            {
                await client.PublishAsync("load.a", Encoding.ASCII.GetBytes($"{number}"), cancellationToken: stop);
                if (number % 100 == 99) await client.FlushAsync(stop);
            }
            catch (Exception failure) when (failure is UdsBrokerException or OperationCanceledException)
            {
                if (!stop.IsCancellationRequested) await Task.Delay(2, CancellationToken.None);
            }
        }
    }
}
