using System.Diagnostics;
using System.Globalization;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.EndToEnd.Tests;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// System calls that fail although nothing seems wrong, by strace(1): each is a named outcome. At the start one line and exit code 1; later the
/// end of one connection, a pause, or nothing at all.
/// </summary>
public sealed class SystemCallTests
{
    /// <summary>The default of listener.accept-pause.</summary>
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    [Theory]
    [InlineData("bind:error=EACCES", "Permission denied")]
    [InlineData("listen:error=ENOBUFS", "No buffer space")]
    [InlineData("renameat:error=EROFS", "Read-only file system")]
    [InlineData("flock:error=ENOLCK", "No locks available")]
    public async Task A_call_that_fails_at_the_start_is_one_line_and_exit_code_1(string injection, string text)
    {
        using var folder = new TestFolder();
        await using var broker = Start(folder, injection);

        Assert.Equal(1, await broker.WaitForExitAsync());
        var line = Assert.Single(OwnLines(broker));
        Assert.StartsWith("udsbroker: ", line, StringComparison.Ordinal);
        Assert.Contains(text, line, StringComparison.Ordinal);
        Assert.Equal(["broker.sock.lock", "out", "trace"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Accept_without_descriptors_is_tried_once_in_each_pause_and_then_serves()
    {
        const int Failures = 12; // by each thread that accepts
        using var folder = new TestFolder();
        await using var broker = Start(folder, $"accept4:error=EMFILE:when=1..{Failures}");
        await broker.WaitForErrorLineAsync("listening on");
        var clock = Stopwatch.StartNew();

        using var client = RawClient.Open(folder["broker.sock"]);
        await client.GreetAsync();

        // A broker that span would have got through all of them within one pause.
        var (failed, most) = (Strace.Injected(folder["trace"]), 1 + (int)(clock.Elapsed / AcceptPause));
        Assert.InRange(failed, Failures, most);
        Campaign.Begin("accept without descriptors", 1, 1).Say($"{failed} failed calls in {clock.Elapsed.TotalSeconds:f1} s, a pause of 100 ms after each");
        Assert.Contains("warning 110 listener main pauses for 00:00:00.1", broker.Errors, StringComparison.Ordinal);
        await client.FenceAsync();
        await EndAsync(broker);
    }

    [Fact]
    public async Task A_listener_that_faults_again_and_again_ends_the_broker_with_exit_code_3()
    {
        using var folder = new TestFolder();
        await using var broker = Start(folder, "accept4:error=EINVAL");
        await broker.WaitForErrorLineAsync("listening on");
        using var ended = new CancellationTokenSource();

        var knocking = ConnectRepeatedlyAsync(folder["broker.sock"], ended.Token);
        var code = await broker.WaitForExitAsync();
        await ended.CancelAsync();
        await knocking;

        Assert.Equal(3, code);
        Assert.Contains("error 120 fault in /user/broker/listeners/main", broker.Errors, StringComparison.Ordinal);
        Assert.Contains("listener main failed 5 times within a minute", broker.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["broker.sock"]));
    }

    [Fact]
    public async Task A_peer_that_went_away_before_it_was_accepted_is_passed_over()
    {
        using var folder = new TestFolder();
        await using var broker = Start(folder, "accept4:error=ECONNABORTED:when=1..3");
        await broker.WaitForErrorLineAsync("listening on");

        using var client = RawClient.Open(folder["broker.sock"]);
        await client.GreetAsync();

        Assert.DoesNotContain("warning", broker.Errors, StringComparison.Ordinal);
        await EndAsync(broker);
    }

    [Theory]
    [InlineData("recvmsg,recvfrom", "ECONNRESET", CloseReason.PeerGone)]
    [InlineData("recvmsg,recvfrom", "ENOBUFS", CloseReason.TransportError)]
    [InlineData("sendmsg,sendto", "EPIPE", CloseReason.PeerGone)]
    [InlineData("sendmsg,sendto", "ENOBUFS", CloseReason.TransportError)]
    public async Task A_call_that_fails_on_one_connection_ends_that_one_with_its_reason_and_no_other(string calls, string error, CloseReason reason)
    {
        Program.NeedRoot();
        await using var fixture = await BrokerFixture.StartAsync();
        using var witness = RawClient.Open(fixture.Socket);
        await witness.GreetAsync();
        await witness.SubscribeAsync(1, "$SYS.client.*.disconnected");
        await witness.FenceAsync();
        using var others = new Crowd();
        await others.GreetAsync(fixture.Socket, 5);
        var before = Proc.SocketNames(fixture.Broker.Id);
        using var victim = RawClient.Open(fixture.Socket);
        await victim.GreetAsync();
        var socket = Assert.Single(Proc.SocketNames(fixture.Broker.Id).Except(before));
        await others.GreetAsync(fixture.Socket, 5);
        var trace = Path.Combine(fixture.Folder, "trace");
        await using var strace = await Strace.FailAsync(fixture.Broker.Id, socket, calls, $"error={error}", trace, fixture.NextOutput());

        await victim.SendAsync(Frames.Ping(1));

        var told = Assert.Single(await witness.ReceiveAsync());
        Assert.Equal($"$SYS.client.{victim.Id}.disconnected", told.Subject);
        Assert.Contains($"\"code\":{(int)reason},", told.Payload, StringComparison.Ordinal);
        foreach (var other in others.Clients) await other.FenceAsync();
        await witness.FenceAsync(); // nobody else has ended: that would have come first
        Assert.NotEqual(0, Strace.Injected(trace));
    }

    [Fact]
    public async Task An_unlink_that_fails_at_the_end_is_said_and_the_end_is_still_clean()
    {
        using var folder = new TestFolder();
        await using var broker = Start(folder, "unlinkat:error=EACCES");
        await broker.WaitForErrorLineAsync("listening on");

        Assert.Equal(0, await EndAsync(broker));
        Assert.True(File.Exists(folder["broker.sock"]));
        await using var next = ChildProcess.Start("udsbroker", ["--socket", folder["broker.sock"]], folder["out-2"]);
        await next.WaitForErrorLineAsync("listening on");
    }

    private static ChildProcess Start(TestFolder folder, string injection)
    {
        var cut = injection.IndexOf(':', StringComparison.Ordinal);
        return Strace.Start(
            folder["trace"], injection[..cut], injection[(cut + 1)..],
            [Path.Combine(AppContext.BaseDirectory, "udsbroker"), "--socket", folder["broker.sock"]], folder["out"]);
    }

    // A listener notices that it cannot accept when somebody knocks.
    private static async Task ConnectRepeatedlyAsync(string socket, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            try
            {
                using var client = RawClient.Open(socket);
                await Task.Delay(20, Campaign.Cancelled);
            }
            catch (System.Net.Sockets.SocketException)
            {
                await Task.Delay(5, Campaign.Cancelled); // It is being bound again.
            }
        }
    }

    private static async Task<int> EndAsync(ChildProcess broker)
    {
        using (var kill = Process.Start("kill", ["-TERM", Child(broker.Id).ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(Campaign.Cancelled);
        return await broker.WaitForExitAsync();
    }

    private sealed class Crowd : IDisposable
    {
        internal List<RawClient> Clients { get; } = [];

        internal async Task GreetAsync(string socket, int count)
        {
            for (var i = 0; i < count; i++)
            {
                Clients.Add(RawClient.Open(socket));
                await Clients[^1].GreetAsync();
            }
        }

        public void Dispose() => Clients.ForEach(client => client.Dispose());
    }

    private static IEnumerable<string> OwnLines(ChildProcess broker) =>
        broker.Errors.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("strace:", StringComparison.Ordinal));

    // strace is the parent of the broker.
    private static int Child(int pid) => int.Parse(File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ')[0], CultureInfo.InvariantCulture);
}
