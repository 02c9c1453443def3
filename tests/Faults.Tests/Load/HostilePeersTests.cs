using System.Net.Sockets;
using System.Text.Json;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.EndToEnd.Tests;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>I2, I3, I9, L1: crowds of hostile or idle peers on real sockets of a real process, beside an honest pair that loses nothing.</summary>
public sealed class HostilePeersTests
{
    /// <summary>Resident bytes for a connection of which little has come.</summary>
    private const int MostForConnection = 10 << 10;

    /// <summary>And for all together: code that is compiled for them, and what the runtime has not given back.</summary>
    private const int MostForAll = 24 << 20;

    // What attackers come to: their own end, or that of a peer that broke the protocol.
    private static readonly string[] AttackerEndings = ["clean", "crashed", "violation", "too-big", "unsupported-version"];

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
        var ended = await EndedAsync(fixture.Socket);
        Assert.Empty(ended.Keys.Except(AttackerEndings));
        Assert.Equal(campaign.Rounds, ended.Values.Sum());
        campaign.Say(
            $"{campaign.Rounds} attacks, {closed} closed by the broker ({string.Join(", ", ended.Select(end => $"{end.Key} {end.Value}"))}); honest p99 {quiet.TotalMicroseconds:f0} us alone, "
            + (Campaign.IsLong ? $"{elsewhere.TotalMicroseconds:f0} us while another broker was attacked, " : "")
            + $"{attacked.TotalMicroseconds:f0} us under attack, none lost");
    }

    [Fact]
    public async Task Peers_that_send_byte_by_byte_are_closed_in_time_and_hold_no_more_than_they_sent()
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
        var dripping = Task.WhenAll(peers.Select((peer, i) => SendByteByByteAsync(peer, i % 2 == 0 ? Frames.Hello() : Frames.Publish("a", new string('x', 200)))));
        var attacked = await pair.ExchangeAsync(() => dripping.IsCompleted);
        var reasons = await dripping;
        var grown = Proc.Resident(fixture.Broker.Id) - resident;

        Assert.All(reasons, (reason, i) => Assert.Equal(i % 2 == 0 ? CloseReason.HandshakeTimeout : CloseReason.Stale, reason));
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1), Wait.Patience);
        AssertSmall(grown, campaign.Rounds);
        peers.ForEach(peer => peer.Dispose());
        campaign.Say(
            $"{campaign.Rounds} dripping peers closed within {clock.Elapsed.TotalSeconds:f1} s at limits of 2 s; honest p99 {quiet.TotalMicroseconds:f0} us alone, "
            + $"{attacked.TotalMicroseconds:f0} us meanwhile; the broker grew by {grown >> 20} MiB");
    }

    [Fact]
    public async Task Claims_of_the_largest_payload_take_no_memory_before_its_bytes_come()
    {
        var campaign = Campaign.Begin("claims", inCi: 1000, whenLong: 10_000);
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
        AssertSmall(grown, campaign.Rounds);
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
        AssertSmall(grown, campaign.Rounds);
        Assert.True(cpu < TimeSpan.FromSeconds(1), $"{cpu} of processor in two idle seconds");
        await Wait.Until(() => Proc.Descriptors(fixture.Broker.Id) < 400, "the descriptors are back");
    }

    private static void AssertSmall(long grown, long connections) =>
        Assert.True(grown < MostForAll + (connections * MostForConnection), $"{grown} bytes for {connections} connections");

    // How many connections have ended, by the word for why.
    private static async Task<Dictionary<string, long>> EndedAsync(string socket)
    {
        using var observer = RawClient.Open(socket);
        await observer.GreetAsync();
        var (code, text) = await observer.AskAsync("stats");
        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.GetProperty("connections").GetProperty("ended").EnumerateObject()
            .Where(end => end.Value.GetInt64() > 0).ToDictionary(end => end.Name, end => end.Value.GetInt64());
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

    // One byte every 50 ms, forever; returns the reason of the GOODBYE.
    private static async Task<CloseReason?> SendByteByByteAsync(RawClient peer, byte[] frame)
    {
        var end = peer.ReadToGoodbyeAsync();
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

        return await end; // It can be read also where bytes of this peer crossed the end.
    }
}
