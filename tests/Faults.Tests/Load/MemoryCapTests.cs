using System.Net.Sockets;
using System.Text.Json;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.EndToEnd.Tests;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// L6: a broker whose heap may have 256 MiB and no more, under peers that want all of it at once. By its budget it never comes to the end of the heap: nobody
/// new is let in, the heaviest are closed with their reason, an honest pair goes on, and afterwards nothing is left.
/// </summary>
public sealed class MemoryCapTests
{
    private const int HeapLimit = 256 << 20;

    // How a connection may end here. Beyond the time for a frame a claim is Stale; PeerGone is who left by itself.
    private static readonly CloseReason[] Expected =
        [CloseReason.Overloaded, CloseReason.SlowConsumer, CloseReason.Stale, CloseReason.PeerGone, CloseReason.TransportError];

    [Fact]
    public async Task A_broker_with_little_memory_closes_the_heaviest_and_recovers_and_an_honest_pair_loses_nothing()
    {
        var campaign = Campaign.Begin("memory cap, seconds", inCi: 6, whenLong: 3600);
        await using var fixture = await BrokerFixture.StartWrappedAsync(
            [$"DOTNET_GCHeapHardLimit=0x{HeapLimit:X}"],
            _ =>
            [
                .. Set($"memory.budget={HeapLimit / 8}"), .. Set("connections.frame-timeout=2s"), .. Set("subscriptions.max-pending=64 MiB"),
                .. Set("subscriptions.max-pending-messages=1000000"), .. Set("log.level=error"),
            ]);
        using var pair = await HonestPair.ConnectAsync(fixture.Socket);
        var quiet = await pair.ExchangeAsync(TimeSpan.FromSeconds(1));
        var sockets = Proc.Sockets(fixture.Broker.Id);
        var attackers = new MemoryAttackers(fixture.Socket, campaign);
        var attack = attackers.AttackAsync(stalled: 48, flooders: 6, claimers: 16, TimeSpan.FromSeconds(campaign.Rounds));
        var exchange = pair.ExchangeAsync(() => attack.IsCompleted);
        long most = 0;
        while (!attack.IsCompleted)
        {
            await fixture.Broker.AssertRunsAsync();
            most = Math.Max(most, Proc.Resident(fixture.Broker.Id));
            await Task.Delay(100, Campaign.Cancelled);
        }

        await attack;
        var attacked = await exchange;
        await Wait.Until(() => Proc.Sockets(fixture.Broker.Id) == sockets, "the attackers are gone");

        using var observer = await NewClientAsync(fixture.Socket);
        var left = await WaitUntilQuietAsync(observer);
        await pair.ExchangeAsync(() => true);
        campaign.Say(
            $"a heap of {HeapLimit >> 20} MiB and a budget of {left.Budget >> 20} MiB, {campaign.Rounds} s: {attackers.Connections} attackers, {attackers.Refused} not let in, closed "
            + $"{string.Join(", ", attackers.Closed.Select(entry => $"{entry.Value} {entry.Key}"))}, {attackers.LateReaders} slept too long to be told; "
            + $"resident {most >> 20} MiB at most; 0 bytes held afterwards; honest p99 {quiet.TotalMicroseconds:f0} us alone, {attacked.TotalMicroseconds:f0} us meanwhile, none lost");
        Assert.Single(fixture.Broker.Errors.Split('\n'), line => line.Length > 0); // its start line: no fault
        Assert.Empty(attackers.WithoutReason);
        Assert.All(attackers.Closed.Keys, reason => Assert.Contains(reason, Expected));
        Assert.All(left.Ended, reason => Assert.Contains(reason, Expected.Select(expected => expected.ToText())));
        Assert.True(attackers.Closed.GetValueOrDefault(CloseReason.Overloaded) > 0, "nobody was closed as too heavy");
        Assert.True(attackers.Refused > 0, "everybody was let in");
    }

    [Fact]
    public async Task A_frame_for_which_the_runtime_has_no_memory_ends_its_connection_and_no_other()
    {
        await using var fixture = await BrokerFixture.StartWrappedAsync(
            [$"DOTNET_GCHeapHardLimit=0x{96 << 20:X}"],
            _ => [.. Set("limits.max-payload=128 MiB"), .. Set("memory.budget=1 GiB"), .. Set("users.max-pending=1 GiB")]);
        using var bystander = await NewClientAsync(fixture.Socket);
        await bystander.SubscribeAsync(1, "a");
        await bystander.FenceAsync();
        using var greedy = await NewClientAsync(fixture.Socket);

        var sending = IgnoringTheEndAsync(greedy.SendAsync(Frames.Publish("a", new byte[100 << 20])));
        Assert.Equal(CloseReason.Overloaded, await greedy.ReadToGoodbyeAsync());
        await sending;

        using var publisher = await NewClientAsync(fixture.Socket);
        await publisher.PublishAsync("a", "still here");
        Assert.Equal("still here", Assert.Single(await bystander.ReceiveAsync()).Payload);
        await fixture.Broker.WaitForErrorLineAsync("closed: Overloaded, there is no memory for the rest of a frame");
    }

    private static async Task IgnoringTheEndAsync(Task sending)
    {
        try
        {
            await sending;
        }
        catch (SocketException)
        {
            // The broker has closed the connection meanwhile.
        }
    }

    private static IEnumerable<string> Set(string setting) => ["--set", $"udsbroker.{setting}"];

    private static async Task<RawClient> NewClientAsync(string socket)
    {
        var client = RawClient.Open(socket);
        await client.GreetAsync();
        return client;
    }

    // Once the pair and the observer are alone.
    private static async Task<Left> WaitUntilQuietAsync(RawClient observer)
    {
        var left = await LeftAsync(observer);
        for (var checks = 0; (left.Open, left.Subscriptions, left.Held) != (3, 1, 0); checks++)
        {
            Assert.True(checks < 600, $"after a minute there is still {left}");
            await Task.Delay(100, Campaign.Cancelled);
            left = await LeftAsync(observer);
        }

        return left;
    }

    private static async Task<Left> LeftAsync(RawClient observer)
    {
        var (code, text) = await observer.AskAsync("stats");
        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(text);
        var root = json.RootElement;
        var (connections, memory) = (root.GetProperty("connections"), root.GetProperty("memory"));
        return new Left(
            connections.GetProperty("open").GetInt32(),
            root.GetProperty("subscriptions").GetInt32(),
            memory.GetProperty("held").GetInt64(),
            memory.GetProperty("budget").GetInt64(),
            [.. connections.GetProperty("ended").EnumerateObject().Select(ended => ended.Name)]);
    }

    private sealed record Left(int Open, int Subscriptions, long Held, long Budget, IReadOnlyList<string> Ended);
}
