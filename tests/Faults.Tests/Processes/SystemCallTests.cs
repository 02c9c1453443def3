using System.Diagnostics;
using System.Globalization;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.EndToEnd.Tests;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// System calls that fail although nothing seems wrong, by strace(1): each is a named outcome. At the start one line and exit code 1; later the
/// end of one connection, a pause, or nothing at all.
/// </summary>
public sealed class SystemCallTests
{
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
    public async Task Accept_without_descriptors_pauses_and_does_not_spin_and_then_serves()
    {
        using var folder = new TestFolder();
        await using var broker = Start(folder, "accept4:error=EMFILE:when=1..6");
        await broker.WaitForErrorLineAsync("listening on");
        var pid = Child(broker.Id);
        var before = Proc.Cpu(pid);

        using var client = RawClient.Open(folder["broker.sock"]);
        await client.GreetAsync();

        var cpu = Proc.Cpu(pid) - before;
        Assert.Contains("warning 110 listener main pauses for 00:00:00.1", broker.Errors, StringComparison.Ordinal);
        Assert.True(cpu < TimeSpan.FromSeconds(2), $"{cpu} of processor for six failed accepts");
        await client.FenceAsync();
        await EndAsync(broker);
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
    [InlineData("recvmsg,recvfrom:error=ECONNRESET:when=12")]
    [InlineData("sendmsg,sendto:error=EPIPE:when=8")]
    [InlineData("sendmsg,sendto:error=ENOBUFS:when=9")]
    public async Task A_call_that_fails_on_one_connection_ends_it_alone(string injection)
    {
        using var folder = new TestFolder();
        await using var broker = Start(folder, injection);
        await broker.WaitForErrorLineAsync("listening on");
        var ended = 0;
        for (var round = 0; round < 12; round++)
        {
            using var client = RawClient.Open(folder["broker.sock"]);
            try
            {
                await client.GreetAsync();
                for (var i = 0; i < 2; i++) await client.FenceAsync();
            }
            catch (Exception failure) when (failure is System.Net.Sockets.SocketException or Xunit.Sdk.XunitException)
            {
                ended++;
            }
        }

        await EndAsync(broker);
        Assert.InRange(ended, 0, 6); // each thread has its own count; none when it happened while a connection was closed
        Assert.Contains("INJECTED", await File.ReadAllTextAsync(folder["trace"], Campaign.Cancelled), StringComparison.Ordinal);
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
        var calls = injection[..injection.IndexOf(':', StringComparison.Ordinal)];
        return ChildProcess.Start(
            Program.Need("strace"),
            [
                "-f", "--seccomp-bpf", "-qq", "-o", folder["trace"], "-e", $"trace={calls}", "-e", $"inject={injection}",
                Path.Combine(AppContext.BaseDirectory, "udsbroker"), "--socket", folder["broker.sock"],
            ],
            folder["out"]);
    }

    private static async Task<int> EndAsync(ChildProcess broker)
    {
        using (var kill = Process.Start("kill", ["-TERM", Child(broker.Id).ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(Campaign.Cancelled);
        return await broker.WaitForExitAsync();
    }

    private static IEnumerable<string> OwnLines(ChildProcess broker) =>
        broker.Errors.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("strace:", StringComparison.Ordinal));

    // strace is the parent of the broker.
    private static int Child(int pid) => int.Parse(File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ')[0], CultureInfo.InvariantCulture);
}
