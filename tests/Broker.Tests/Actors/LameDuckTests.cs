using UdsBroker.Broker.Actors;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>A broker that an operator drains: it accepts nothing new, closes its connections spread over a period, and ends by itself.</summary>
public sealed class LameDuckTests
{
    [Fact]
    public async Task The_command_is_answered_every_connection_drains_and_the_tree_ends_as_drained()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.shutdown.lame-duck-period=200ms");
        using var operatorClient = await broker.ConnectAsync();
        using var other = await broker.ConnectAsync();
        await other.SubscribeAsync(1, "a");
        await other.FenceAsync();
        await operatorClient.PublishAsync("a", "last words");

        Assert.Equal(0, (await operatorClient.AskAsync("drain")).Code);

        Assert.Equal("last words", Assert.Single(await other.ReceiveAsync()).Payload);
        Assert.Equal(CloseReason.LameDuck, (await other.ExpectGoodbyeAsync()).Reason);
        Assert.Equal(CloseReason.LameDuck, (await operatorClient.ExpectGoodbyeAsync()).Reason);
        Assert.Equal(BrokerEnd.Drained, await broker.Ended.WaitAsync(BrokerInProcess.Patience, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(broker.Socket));
    }

    [Fact]
    public async Task A_shutdown_in_the_middle_ends_the_rest_at_once()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.shutdown.lame-duck-period=1h");
        var clients = new List<RawClient>();
        for (var i = 0; i < 5; i++) clients.Add(await broker.ConnectAsync());
        Assert.Equal(0, (await clients[0].AskAsync("drain")).Code);

        var drained = broker.DrainAsync();

        var reasons = new List<CloseReason>();
        foreach (var client in clients) reasons.Add((await client.ExpectGoodbyeAsync()).Reason);
        Assert.InRange(reasons.Count(reason => reason == CloseReason.LameDuck), 0, 1);
        Assert.Equal(5, reasons.Count(reason => reason is CloseReason.LameDuck or CloseReason.BrokerShutdown));
        await drained;
        clients.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData(10, 1000)]
    [InlineData(3, 7)]
    [InlineData(1, 100)]
    [InlineData(0, 100)]
    [InlineData(7, 0)]
    public void The_goodbyes_are_spread_evenly_and_all_are_said_when_the_period_is_over(int total, int milliseconds)
    {
        var period = TimeSpan.FromMilliseconds(milliseconds);
        var schedule = new GoodbyeSchedule<int>([.. Enumerable.Range(0, total)], period);
        var said = new List<int>();
        for (var elapsed = TimeSpan.Zero; elapsed < period; elapsed += TimeSpan.FromMilliseconds(1))
        {
            said.AddRange(schedule.Due(elapsed));
            Assert.InRange(said.Count, Math.Min(total, elapsed / period * total), (elapsed / period * total) + 1);
        }

        said.AddRange(schedule.Due(period));
        Assert.Equal(Enumerable.Range(0, total), said);
        Assert.True(schedule.IsOver);
        Assert.Empty(schedule.Due(period * 2));
    }
}
