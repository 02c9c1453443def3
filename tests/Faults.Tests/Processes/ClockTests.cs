using System.Diagnostics;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.EndToEnd.Tests;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>C12: the wall clock jumps by days and years, by libfaketime, while timers run. None fires early, none never, and nobody is closed.</summary>
public sealed class ClockTests
{
    [Theory]
    [InlineData("+1d")]
    [InlineData("-3650d")]
    public async Task Timers_do_not_notice_that_the_wall_clock_jumps(string jump)
    {
        var library = Directory.Exists("/usr/lib")
            ? Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).FirstOrDefault()
            : null;
        Assert.SkipWhen(library is null, "libfaketime is not installed");
        using var folder = new TestFolder();
        var clockFile = folder["clock"];
        await File.WriteAllTextAsync(clockFile, "+0\n", Campaign.Cancelled);
        await using var broker = ChildProcess.Start(
            "udsbroker",
            [
                "--socket", folder["broker.sock"], "--set", "udsbroker.connections.handshake-timeout=1s", "--set", "udsbroker.keep-alive.ping-interval=500ms",
                "--set", "udsbroker.keep-alive.stale-after=60", "--set", "udsbroker.log.level=debug",
            ],
            folder["out"],
            new Dictionary<string, string?>
            {
                ["LD_PRELOAD"] = library,
                ["FAKETIME_TIMESTAMP_FILE"] = clockFile,
                ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
                ["FAKETIME_NO_CACHE"] = "1",
            });
        await broker.WaitForErrorLineAsync("listening on");
        using var client = RawClient.Open(folder["broker.sock"]);
        await client.GreetAsync();
        var clock = Stopwatch.StartNew();
        using var silent = RawClient.Open(folder["broker.sock"]);

        await File.WriteAllTextAsync(clockFile, jump + "\n", Campaign.Cancelled);

        Assert.Equal(CloseReason.HandshakeTimeout, (await silent.ExpectGoodbyeAsync()).Reason);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.9), Wait.Patience);
        for (var pings = 0; pings < 2; pings++)
        {
            Assert.Equal(FrameKind.Ping, await NextKindAsync(client)); // the keep-alive still comes
            await client.SendAsync(Broker.Tests.Core.Frames.Pong(0));
        }

        await client.FenceAsync();
        var stamps = broker.Errors.Split('\n').Where(line => char.IsDigit(line[0])).Select(line => line[..10]).Distinct();
        Assert.True(stamps.Count() > 1, $"the clock of the broker did not jump: {broker.Errors}");
    }

    private static async Task<FrameKind> NextKindAsync(RawClient client)
    {
        FrameScanner.Scan(await client.NextFrameAsync(), Limits.Ceiling, out var head);
        return head.Kind;
    }
}
