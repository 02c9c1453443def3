using System.Diagnostics;
using UdsBroker.Client;
using UdsBroker.EndToEnd.Tests;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>L3: a crowd that connects at one moment to a short backlog. The kernel turns most away, and the client library tries again: nobody sees an error.</summary>
public sealed class ConnectStormTests
{
    [Fact]
    public async Task A_crowd_that_connects_at_once_gets_in_without_an_error()
    {
        var campaign = Campaign.Begin("connect storm, clients", inCi: 1000, whenLong: 5000);
        await using var fixture = await BrokerFixture.StartAsync("--set", "udsbroker.listener.backlog=64");
        var clients = Enumerable.Range(0, (int)campaign.Rounds)
            .Select(_ => new UdsBrokerClient(new UdsBrokerOptions { Path = fixture.Socket, ConnectTimeout = Wait.Patience })).ToList();
        var clock = Stopwatch.StartNew();

        await Task.WhenAll(clients.Select(client => Task.Run(() => client.ConnectAsync(Campaign.Cancelled), Campaign.Cancelled)));

        var elapsed = clock.Elapsed;
        foreach (var client in clients)
        {
            await client.PublishAsync("storm", "x"u8.ToArray(), cancellationToken: Campaign.Cancelled);
            Assert.Equal(new Receipt(1, 0, 0), await client.FlushAsync(Campaign.Cancelled));
        }

        Assert.Equal(campaign.Rounds, clients.Select(client => client.Id).Distinct().Count());
        campaign.Say($"{campaign.Rounds} clients at once at a backlog of 64: all in after {elapsed.TotalSeconds:f2} s, no error");
        foreach (var client in clients) await client.DisposeAsync();
        Assert.DoesNotContain("warning", fixture.Broker.Errors, StringComparison.Ordinal);
    }
}
