using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.EndToEnd.Tests;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// L2: a flood of connects at a broker that may have few descriptors. It stays away from its limit, turns the rest away with its reason, does not
/// spin, serves those it has, and takes new ones when some have left.
/// </summary>
public sealed class DescriptorTests
{
    private const int Limit = 256;

    /// <summary>The runtime keeps a descriptor for each assembly, and some are first needed when peers are refused.</summary>
    private const int AssembliesLoadedLater = 16;

    [Fact]
    public async Task At_the_descriptor_limit_clients_are_served_and_nothing_spins()
    {
        var campaign = Campaign.Begin("descriptor floods", inCi: 2, whenLong: 100);
        long served = 0, refused = 0;
        var (mostOpen, mostCpu) = (0, TimeSpan.Zero);
        var waited = new List<TimeSpan>();
        for (var round = 0L; round < campaign.Rounds; round++)
        {
            using var folder = new TestFolder();
            var socket = folder["broker.sock"];
            await using var broker = ChildProcess.Start(
                "/bin/sh",
                ["-c", $"ulimit -n {Limit.ToString(CultureInfo.InvariantCulture)}; exec \"$0\" --socket \"$1\"", Path.Combine(AppContext.BaseDirectory, "udsbroker"), socket],
                folder["out"]);
            await broker.WaitForErrorLineAsync("listening on");
            using var honest = RawClient.Open(socket);
            await honest.GreetAsync();
            await honest.SubscribeAsync(1, "still.served");
            await honest.FenceAsync();
            var before = Proc.Descriptors(broker.Id);

            var flood = await FloodAsync(socket, 600);
            served += flood.Count(client => client.IsServed);
            refused += flood.Count(client => client.Refusal == CloseReason.TooManyConnections);
            waited.AddRange(flood.Where(client => client.Refusal is not null).Select(client => client.Waited));
            mostOpen = Math.Max(mostOpen, Proc.Descriptors(broker.Id));
            var cpu = await Proc.CpuOfAsync(broker.Id, TimeSpan.FromSeconds(1));
            mostCpu = cpu > mostCpu ? cpu : mostCpu;
            await honest.PublishAsync("still.served", "yes");
            Assert.Equal("yes", Assert.Single(await honest.ReceiveAsync()).Payload);

            foreach (var client in flood) client.Dispose();
            await Wait.Until(() => Proc.Descriptors(broker.Id) < before + AssembliesLoadedLater, "the descriptors are back");
            for (var isServed = false; !isServed;) // slots come back one by one, as the broker notices
            {
                using var late = await FloodClient.ConnectAsync(socket);
                isServed = late.IsServed;
            }

            Assert.DoesNotContain("Out of memory", broker.Errors, StringComparison.Ordinal);
        }

        Assert.True(served > 0 && refused > 0);
        Assert.InRange(mostOpen, 0, Limit - 24);
        waited.Sort();
        campaign.Say(
            $"{campaign.Rounds} floods of 600 at a limit of {Limit}: {served} served, {refused} refused with reason 9 "
            + $"{waited[waited.Count / 2].TotalMilliseconds:f1} ms (p50), {waited[(int)(waited.Count * 0.99)].TotalMilliseconds:f1} ms (p99), "
            + $"{waited[^1].TotalMilliseconds:f1} ms (most) after they began to connect, at most {mostOpen} descriptors, "
            + $"{mostCpu.TotalMilliseconds:f0} ms of processor in the second after the flood at most, no abort");
        Assert.True(mostCpu < TimeSpan.FromMilliseconds(600), $"{mostCpu} of processor in a second at the limit");
    }

    [Fact]
    public async Task In_a_flood_no_call_of_the_broker_ever_meets_the_descriptor_limit()
    {
        using var folder = new TestFolder();
        var (socket, trace) = (folder["broker.sock"], folder["trace"]);
        string[] broker = ["/bin/sh", "-c", $"ulimit -n {Limit}; exec \"$0\" --socket \"$1\"", Path.Combine(AppContext.BaseDirectory, "udsbroker"), socket];
        await using var process = Strace.Start(trace, "accept4,openat,socket,pipe2,eventfd2,epoll_create1", null, broker, folder["out"]);
        await process.WaitForErrorLineAsync("listening on");

        var flood = await FloodAsync(socket, 400);
        foreach (var client in flood) client.Dispose();

        Assert.Contains(flood, client => client.IsServed);
        Assert.Contains(flood, client => client.Refusal == CloseReason.TooManyConnections);
        var calls = await File.ReadAllTextAsync(trace, Campaign.Cancelled);
        Assert.InRange(calls.Split('\n').Count(call => call.Contains("accept4(", StringComparison.Ordinal)), 400, int.MaxValue);
        Assert.DoesNotContain("EMFILE", calls, StringComparison.Ordinal);
        Assert.DoesNotContain("ENFILE", calls, StringComparison.Ordinal);
    }

    private static async Task<List<FloodClient>> FloodAsync(string socket, int count)
    {
        var clients = new List<FloodClient>();
        for (var i = 0; i < count; i++) clients.Add(await FloodClient.ConnectAsync(socket));
        return clients;
    }

    /// <summary>Connects, sends HELLO and reads the first frame that arrives.</summary>
    private sealed class FloodClient : IDisposable
    {
        private RawClient? _client;

        internal bool IsServed { get; private set; }

        internal CloseReason? Refusal { get; private set; }

        /// <summary>From before it connected to the first frame.</summary>
        internal TimeSpan Waited { get; private set; }

        internal static async Task<FloodClient> ConnectAsync(string socket)
        {
            var began = Stopwatch.GetTimestamp();
            var flood = new FloodClient { _client = RawClient.Open(socket) };
            try
            {
                await flood._client.SendAsync(Broker.Tests.Core.Frames.Hello());
                var frame = await flood._client.NextFrameAsync();
                flood.Waited = Stopwatch.GetElapsedTime(began);
                if (frame is null) return flood;
                FrameScanner.Scan(frame, Limits.Ceiling, out var head);
                flood.IsServed = head.Kind == FrameKind.Welcome;
                if (head.Kind == FrameKind.Goodbye && CommandReader.TryReadGoodbye(frame, out var goodbye, out _)) flood.Refusal = goodbye.Reason;
            }
            catch (SocketException)
            {
                // Reset: it was refused while it was still sending.
            }

            return flood;
        }

        public void Dispose() => _client?.Dispose();
    }
}
