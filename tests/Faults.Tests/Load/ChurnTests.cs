using System.Diagnostics;
using System.Text.Json;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.EndToEnd.Tests;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>L7: clients that come, subscribe, publish and go, thousands in a second, in order or not. Descriptors, subscriptions and memory stay flat.</summary>
public sealed class ChurnTests
{
    private const int MostInASecond = 5000;
    private const int Samples = 60;

    /// <summary>From half time to the end: in the short form the runtime still compiles at half time.</summary>
    private const int MostGrowth = 12 << 20;

    private static readonly byte[] Session = Frames.Join(
        Frames.Hello(), Frames.Subscribe(1, "churn.>"), Frames.Subscribe(2, "churn.*", new SubscribeOptions { Queue = "group" }), Frames.Publish("churn.a", "hello"));

    [Fact]
    public async Task Clients_that_come_and_go_leave_nothing_behind()
    {
        var campaign = Campaign.Begin("churn, seconds", inCi: 5, whenLong: 600);
        await using var fixture = await BrokerFixture.StartAsync("--set", "udsbroker.log.level=error");
        using var first = RawClient.Open(fixture.Socket);
        await first.GreetAsync();
        var before = Proc.Descriptors(fixture.Broker.Id);
        first.Dispose();
        var clock = Stopwatch.StartNew();
        long sessions = 0;
        var crowd = Enumerable.Range(0, 16).Select(_ => Task.Run(
            async () =>
            {
                while (clock.Elapsed.TotalSeconds < campaign.Rounds)
                {
                    var number = Interlocked.Increment(ref sessions);
                    while (number > clock.Elapsed.TotalSeconds * MostInASecond) await Task.Delay(1, Campaign.Cancelled);
                    await ComeAndGoAsync(fixture.Socket, number);
                }
            },
            Campaign.Cancelled)).ToList();
        var samples = new List<(long Resident, int Descriptors)>();
        while (!crowd.TrueForAll(one => one.IsCompleted))
        {
            if (clock.Elapsed.TotalSeconds > samples.Count * campaign.Rounds / (double)Samples)
                samples.Add((Proc.Resident(fixture.Broker.Id), Proc.Descriptors(fixture.Broker.Id)));
            await Task.Delay(10, Campaign.Cancelled);
        }

        await Task.WhenAll(crowd);
        var rate = sessions / clock.Elapsed.TotalSeconds;
        // It answers no PING, so it comes at the end: it would be closed as stale in the meantime.
        using var observer = RawClient.Open(fixture.Socket);
        await observer.GreetAsync();
        var patience = Stopwatch.StartNew();
        var left = await StatisticsAsync(observer);
        while (left.Open > 1 && patience.Elapsed < Wait.Patience) left = await StatisticsAsync(observer);

        Assert.Equal((1, 0), left);
        Assert.InRange(Proc.Descriptors(fixture.Broker.Id), 0, before + 4);
        var (half, last) = (samples[samples.Count / 2], samples[^1]);
        campaign.Say(
            $"{sessions} sessions in {clock.Elapsed.TotalSeconds:f0} s, {rate:f0} a second; 0 subscriptions left, "
            + $"descriptors {before} and {Proc.Descriptors(fixture.Broker.Id)}; "
            + $"resident {half.Resident >> 20} MiB at half time, {last.Resident >> 20} MiB at the end");
        Assert.True(last.Resident - half.Resident < MostGrowth, $"{half.Resident} to {last.Resident} bytes resident");
    }

    // Every fourth is gone before its WELCOME, every other of the rest leaves in order.
    private static async Task ComeAndGoAsync(string socket, long number)
    {
        using var client = RawClient.Open(socket);
        try
        {
            await client.SendAsync(Session);
            if (number % 4 == 0) return;
            await client.ExpectAsync(FrameKind.Welcome);
            if (number % 2 == 0) await client.SendAsync(Frames.Goodbye("done"));
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Reset by its own haste.
        }
    }

    private static async Task<(int Open, int Subscriptions)> StatisticsAsync(RawClient observer)
    {
        var (code, text) = await observer.AskAsync("stats");
        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(text);
        return (json.RootElement.GetProperty("connections").GetProperty("open").GetInt32(), json.RootElement.GetProperty("subscriptions").GetInt32());
    }
}
