using System.Net.Sockets;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.EndToEnd.Tests;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>I2, I3, I9, L1: crowds of hostile or idle peers on real sockets of a real process, beside an honest pair that loses nothing.</summary>
public sealed class HostilePeersTests
{
    /// <summary>Resident bytes for a connection of which little has come, with all that the runtime has not given back.</summary>
    private const int MostForConnection = 96 << 10;

    [Fact]
    public async Task Attackers_that_send_anything_are_closed_and_an_honest_pair_loses_nothing()
    {
        var campaign = Campaign.Begin("attackers", inCi: 1500, whenLong: 1_000_000);
        await using var fixture = await BrokerFixture.StartAsync("--set", "udsbroker.log.level=error");
        using var pair = await HonestPair.ConnectAsync(fixture.Socket);
        var quiet = await pair.ExchangeAsync(TimeSpan.FromSeconds(1));
        var elsewhere = Campaign.IsLong ? await BesideAnotherBrokerAsync(campaign, pair) : TimeSpan.Zero;
        var descriptors = Proc.Descriptors(fixture.Broker.Id);

        var attack = AttackAsync(fixture.Socket, campaign, campaign.Rounds);
        var attacked = await pair.ExchangeAsync(() => attack.IsCompleted);
        var closed = await attack;

        await Wait.Until(() => Proc.Descriptors(fixture.Broker.Id) <= descriptors + 4, "the descriptors are back");
        Assert.Equal(1, fixture.Broker.Errors.Split('\n').Count(line => line.Length > 0)); // its start line: no fault
        campaign.Say(
            $"{campaign.Rounds} attacks, {closed} closed by the broker; honest p99 {quiet.TotalMicroseconds:f0} us alone, "
            + (Campaign.IsLong ? $"{elsewhere.TotalMicroseconds:f0} us while another broker was attacked, " : "")
            + $"{attacked.TotalMicroseconds:f0} us under attack, none lost");
    }

    [Fact]
    public async Task Peers_that_drip_are_closed_in_time_and_hold_no_more_than_they_sent()
    {
        var campaign = Campaign.Begin("slowloris", inCi: 300, whenLong: 1000);
        await using var fixture = await BrokerFixture.StartAsync(
            "--set", "udsbroker.log.level=error", "--set", "udsbroker.connections.frame-timeout=2s", "--set", "udsbroker.connections.handshake-timeout=2s");
        using var pair = await HonestPair.ConnectAsync(fixture.Socket);
        var quiet = await pair.ExchangeAsync(TimeSpan.FromSeconds(1));
        var resident = Proc.Resident(fixture.Broker.Id);
        var peers = new List<RawClient>();
        for (var i = 0; i < campaign.Rounds; i++)
        {
            var peer = RawClient.Open(fixture.Socket);
            if (i % 2 == 1) await peer.GreetAsync();
            peers.Add(peer);
        }

        var clock = System.Diagnostics.Stopwatch.StartNew();
        var dripping = Task.WhenAll(peers.Select((peer, i) => DripAsync(peer, i % 2 == 0 ? Frames.Hello() : Frames.Publish("a", new string('x', 200)))));
        var attacked = await pair.ExchangeAsync(() => dripping.IsCompleted);
        var reasons = await dripping;
        var grown = Proc.Resident(fixture.Broker.Id) - resident;

        Assert.All(reasons, (reason, i) => Assert.True(reason is null || reason == (i % 2 == 0 ? CloseReason.HandshakeTimeout : CloseReason.Stale), $"{reason}"));
        Assert.Contains(CloseReason.HandshakeTimeout, reasons);
        Assert.Contains(CloseReason.Stale, reasons);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1), Wait.Patience);
        Assert.True(grown / campaign.Rounds < MostForConnection, $"{grown} bytes for {campaign.Rounds} peers");
        peers.ForEach(peer => peer.Dispose());
        campaign.Say(
            $"{campaign.Rounds} dripping peers closed within {clock.Elapsed.TotalSeconds:f1} s at limits of 2 s; honest p99 {quiet.TotalMicroseconds:f0} us alone, "
            + $"{attacked.TotalMicroseconds:f0} us meanwhile; the broker grew by {grown >> 20} MiB");
    }

    [Fact]
    public async Task Claims_of_the_largest_payload_take_no_memory_before_its_bytes_come()
    {
        var campaign = Campaign.Begin("claims", inCi: 1000, whenLong: 9000);
        await using var fixture = await BrokerFixture.StartAsync("--set", "udsbroker.log.level=error");
        var resident = Proc.Resident(fixture.Broker.Id);
        var peers = new List<RawClient>();
        byte[] claim = [.. Frames.Hello(), 0x95, 0x05, 0xA1, 0x61, 0xC0, 0xC0, 0xC6, 0x01, 0x00, 0x00, 0x00]; // 16 MiB will follow, it says
        for (var i = 0; i < campaign.Rounds; i++)
        {
            var peer = RawClient.Open(fixture.Socket);
            peers.Add(peer);
            await peer.SendAsync(claim);
            await peer.ExpectAsync(FrameKind.Welcome);
        }

        var grown = Proc.Resident(fixture.Broker.Id) - resident;
        using var beyond = RawClient.Open(fixture.Socket);
        await beyond.GreetAsync();
        await beyond.SendAsync(new byte[] { 0x95, 0x05, 0xA1, 0x61, 0xC0, 0xC0, 0xC6, 0xFF, 0xFF, 0xFF, 0xFF });
        Assert.Equal(CloseReason.FrameTooBig, (await beyond.ExpectGoodbyeAsync()).Reason);
        peers.ForEach(peer => peer.Dispose());
        campaign.Say(
            $"{campaign.Rounds} connections that each claim 16 MiB: the broker grew by {grown >> 20} MiB, {grown / campaign.Rounds} bytes each; "
            + "a claim of 4 GiB is closed at its last byte");
        Assert.True(grown / campaign.Rounds < MostForConnection, $"{grown} bytes for {campaign.Rounds} claims");
    }

    [Fact]
    public async Task Thousands_of_idle_connections_cost_memory_only_and_traffic_goes_on()
    {
        var campaign = Campaign.Begin("idle connections", inCi: 2000, whenLong: 10_000);
        await using var fixture = await BrokerFixture.StartAsync("--set", "udsbroker.log.level=error");
        using var pair = await HonestPair.ConnectAsync(fixture.Socket);
        var alone = await pair.ExchangeAsync(TimeSpan.FromSeconds(1));
        var resident = Proc.Resident(fixture.Broker.Id);
        var idle = new List<RawClient>();
        for (var i = 0; i < campaign.Rounds; i++)
        {
            idle.Add(RawClient.Open(fixture.Socket));
            await idle[^1].GreetAsync();
        }

        var grown = Proc.Resident(fixture.Broker.Id) - resident;
        var beside = await pair.ExchangeAsync(TimeSpan.FromSeconds(1));
        var cpu = await Proc.CpuOfAsync(fixture.Broker.Id, TimeSpan.FromSeconds(2));
        idle.ForEach(client => client.Dispose());
        campaign.Say(
            $"{campaign.Rounds} idle connections: {grown >> 20} MiB, {grown / campaign.Rounds} bytes each; {cpu.TotalMilliseconds / 2:f0} ms of processor a second; "
            + $"p99 of a pair {alone.TotalMicroseconds:f0} us alone, {beside.TotalMicroseconds:f0} us beside them");
        Assert.True(cpu < TimeSpan.FromSeconds(1), $"{cpu} of processor in two idle seconds");
        await Wait.Until(() => Proc.Descriptors(fixture.Broker.Id) < 400, "the descriptors are back");
    }

    // The part of it that is due to the machine: the attackers and a broker take its processors, and this pair's broker does not know them.
    private static async Task<TimeSpan> BesideAnotherBrokerAsync(Campaign campaign, HonestPair pair)
    {
        await using var other = await BrokerFixture.StartAsync("--set", "udsbroker.log.level=error");
        var attack = AttackAsync(other.Socket, campaign, campaign.Rounds / 10);
        var elsewhere = await pair.ExchangeAsync(() => attack.IsCompleted);
        await attack;
        return elsewhere;
    }

    // So many attacks by as many attackers as there are; how many of them the broker closed.
    private static async Task<long> AttackAsync(string socket, Campaign campaign, long rounds)
    {
        long next = -1, closed = 0;
        await Task.WhenAll(Enumerable.Range(0, Campaign.IsLong ? 64 : 16).Select(_ => Task.Run(
            async () =>
            {
                var generator = new FrameGenerator();
                for (var round = Interlocked.Increment(ref next); round < rounds; round = Interlocked.Increment(ref next))
                {
                    if (await AttackAsync(socket, generator, new SeededRandom(campaign.Seed, round))) Interlocked.Increment(ref closed);
                }
            },
            Campaign.Cancelled)));
        return closed;
    }

    // True when the broker ended the connection, with GOODBYE or, where the attacker had sent more, a reset.
    private static async Task<bool> AttackAsync(string socket, FrameGenerator generator, SeededRandom random)
    {
        using var peer = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await peer.ConnectAsync(new UnixDomainSocketEndPoint(socket), Campaign.Cancelled);
            var isGreeted = !random.OneIn(4);
            byte[] bytes = [.. isGreeted ? Frames.Hello() : [], .. generator.Next(random, isGreeted)];
            await peer.SendAsync(bytes, Campaign.Cancelled);
            if (random.OneIn(3)) return false;
            peer.Shutdown(SocketShutdown.Send);
            var buffer = new byte[4096];
            while (await peer.ReceiveAsync(buffer, Campaign.Cancelled).AsTask().WaitAsync(Wait.Patience, Campaign.Cancelled) > 0)
            {
            }

            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode != SocketError.WouldBlock;
        }
    }

    // One byte every 50 ms, for ever; returns the reason of the GOODBYE.
    private static async Task<CloseReason?> DripAsync(RawClient peer, byte[] frame)
    {
        var end = EndAsync(peer);
        try
        {
            for (var at = 0; at < frame.Length - 1 && !end.IsCompleted; at++)
            {
                await peer.SendAsync(frame.AsMemory(at, 1));
                await Task.WhenAny(end, Task.Delay(frame.Length > 100 ? 50 : 2000, Campaign.Cancelled));
            }
        }
        catch (SocketException)
        {
            // Closed while it was sending.
        }

        return await end;
    }

    private static async Task<CloseReason?> EndAsync(RawClient peer)
    {
        try
        {
            return await peer.ReadToGoodbyeAsync();
        }
        catch (SocketException)
        {
            return null; // A reset: its last bytes crossed the end.
        }
    }
}
