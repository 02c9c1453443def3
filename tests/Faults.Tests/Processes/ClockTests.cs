using System.Diagnostics;
using System.Globalization;
using System.Text;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.EndToEnd.Tests;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// C12: the wall clock jumps by days and years and into a change of summer time, by libfaketime, while timers run and messages wait. None fires early, none
/// never, nobody is closed, and no message expires or comes before its time.
/// </summary>
public sealed class ClockTests
{
    private const string Utc = "UTC";

    // In summer 02:00 is followed by 03:00, in autumn 03:00 by 02:00: two seconds before each.
    private const string Spring = "@2026-03-29 01:59:58";
    private const string Autumn = "@2026-10-25 02:59:58";
    private const string Berlin = "CET-1CEST,M3.5.0,M10.5.0/3";

    public static TheoryData<string, string> Jumps => new()
    {
        { "+1d", Utc }, { "-1d", Utc }, { "-3650d", Utc }, { Spring, Berlin }, { Autumn, Berlin },
    };

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task Timers_and_messages_that_wait_do_not_notice_that_the_wall_clock_jumps(string jump, string zone)
    {
        const int Short = 700;
        const int Long = 600_000;
        using var folder = new TestFolder();
        await using var broker = await StartAsync(folder, zone);
        using var client = await ConnectAsync(folder);
        using var publisher = await ConnectAsync(folder);
        using var later = await ConnectAsync(folder);
        using var held = await ConnectAsync(folder);
        using var newcomer = await ConnectAsync(folder);
        await later.SubscribeAsync(1, "later.*");
        await held.SubscribeAsync(1, "held.*", new SubscribeOptions { Credit = 0 });
        await FenceAsync(later);
        await FenceAsync(held);

        var clock = Stopwatch.StartNew();
        using var silent = RawClient.Open(folder["broker.sock"]);
        await PublishAsync(publisher, "held.short", (KnownHeaders.Expires, Short));
        await PublishAsync(publisher, "held.long", (KnownHeaders.Expires, Long));
        await PublishAsync(publisher, "kept.short", (KnownHeaders.Retain, 1), (KnownHeaders.Expires, Short));
        await PublishAsync(publisher, "kept.long", (KnownHeaders.Retain, 1), (KnownHeaders.Expires, Long));
        await PublishAsync(publisher, "later.never", (KnownHeaders.Delay, Long));
        await PublishAsync(publisher, "later.second", (KnownHeaders.Delay, 2 * Short));
        await PublishAsync(publisher, "later.first", (KnownHeaders.Delay, Short));
        var receipt = await FenceAsync(publisher);
        Assert.Equal(7ul, receipt.Published);
        await JumpAsync(folder, jump);

        // In order and not early, by a clock that nobody sets; and what is due in ten minutes is neither due nor over.
        Assert.Equal("later.first", await NextSubjectAsync(later));
        Assert.InRange(clock.ElapsedMilliseconds, Short, long.MaxValue);
        Assert.Equal("later.second", await NextSubjectAsync(later));
        Assert.InRange(clock.ElapsedMilliseconds, 2 * Short, long.MaxValue);
        await held.SendAsync(Frames.Credit(1, 10));
        Assert.True(CommandReader.TryReadMissed(await NextAsync(held), out uint sid, out ulong count, out ulong expired));
        Assert.Equal((1u, 1ul, 1ul), (sid, count, expired));
        Assert.Equal("held.long", await NextSubjectAsync(held));
        await newcomer.SubscribeAsync(1, "kept.*");
        Assert.Equal("kept.long", await NextSubjectAsync(newcomer));
        await FenceAsync(newcomer); // the other is not kept any more
        await FenceAsync(later); // and nothing else came
        Assert.Equal(1ul, (receipt + await FenceAsync(publisher)).Expired);
        Assert.Equal(CloseReason.HandshakeTimeout, (await silent.ExpectGoodbyeAsync()).Reason);
        for (var pings = 0; pings < 2; pings++)
        {
            await client.ExpectAsync(FrameKind.Ping); // the keep-alive still comes
            await client.SendAsync(Frames.Pong(0));
        }

        await AssertJumpedAsync(folder, broker);
    }

    private static async Task<ChildProcess> StartAsync(TestFolder folder, string zone)
    {
        var library = Directory.Exists("/usr/lib")
            ? Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).FirstOrDefault()
            : null;
        Assert.SkipWhen(library is null, "libfaketime is not installed");
        await JumpAsync(folder, "+0");
        var broker = ChildProcess.Start(
            "udsbroker",
            [
                "--socket", folder["broker.sock"], "--set", "udsbroker.connections.handshake-timeout=1s", "--set", "udsbroker.keep-alive.ping-interval=500ms",
                "--set", "udsbroker.keep-alive.stale-after=60", "--set", "udsbroker.log.level=debug",
            ],
            folder["out"],
            new Dictionary<string, string?>
            {
                ["LD_PRELOAD"] = library,
                ["TZ"] = zone,
                ["FAKETIME_TIMESTAMP_FILE"] = folder["clock"],
                ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
                ["FAKETIME_NO_CACHE"] = "1",
            });
        await broker.WaitForErrorLineAsync("listening on");
        return broker;
    }

    private static Task JumpAsync(TestFolder folder, string jump) => File.WriteAllTextAsync(folder["clock"], jump + "\n", Campaign.Cancelled);

    private static async Task<RawClient> ConnectAsync(TestFolder folder)
    {
        var client = RawClient.Open(folder["broker.sock"]);
        await client.GreetAsync();
        return client;
    }

    private static Task PublishAsync(RawClient publisher, string subject, params (string Name, int Value)[] headers) => publisher.SendAsync(
        Frames.Publish(subject, "x", [.. headers.Select(header => (header.Name, header.Value.ToString(CultureInfo.InvariantCulture)))]));

    private static async Task<string> NextSubjectAsync(RawClient client)
    {
        Assert.Equal(FrameKind.Deliver, Head(await NextAsync(client)).Kind);
        var frame = await NextAsync(client);
        var head = Head(frame);
        return Encoding.UTF8.GetString(frame, head.SubjectStart, head.SubjectLength);
    }

    private static async Task<Receipt> FenceAsync(RawClient client)
    {
        await client.SendAsync(Frames.Ping(1));
        Assert.True(CommandReader.TryReadPong(await NextAsync(client), out ulong _, out var receipt));
        return receipt!.Value;
    }

    // Clients that wait here are probed by keep-alive meanwhile.
    private static async Task<byte[]> NextAsync(RawClient client)
    {
        while (true)
        {
            var frame = await client.NextFrameAsync();
            Assert.NotNull(frame);
            if (Head(frame).Kind != FrameKind.Ping) return frame;
            await client.SendAsync(Frames.Pong(0));
        }
    }

    private static FrameHead Head(byte[] frame)
    {
        Assert.Equal(ScanResult.Done, FrameScanner.Scan(frame, Limits.Ceiling, out var head));
        return head;
    }

    private static async Task AssertJumpedAsync(TestFolder folder, ChildProcess broker)
    {
        using var last = await ConnectAsync(folder);
        await broker.WaitForErrorLineAsync($"debug 100 connection {last.Id}");
        var stamps = broker.Errors.Split('\n').Where(line => line.Length > 0 && char.IsDigit(line[0])).Select(line => line[..10]).Distinct();
        Assert.True(stamps.Count() > 1, $"the clock of the broker did not jump: {broker.Errors}");
    }
}
