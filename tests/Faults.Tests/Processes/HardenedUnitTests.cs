using System.Globalization;
using System.Text.RegularExpressions;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.Client;
using UdsBroker.EndToEnd.Tests;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// S13: the unit that is shipped takes from the broker every right that it does not need, and no more: systemd-analyze(1) judges it, and a broker
/// serves under its filters. systemd itself need not run here; <c>sandbox.py</c> does what it would do to the process.
/// </summary>
public sealed partial class HardenedUnitTests
{
    private const string Python = "/usr/bin/python3";

    /// <summary>A user of whom no list of accounts knows, as far as these tests care.</summary>
    private const int User = 61234;

    private static readonly string Unit = Path.Combine(AppContext.BaseDirectory, "Packaging", "udsbroker.service");

    private static readonly string Sandbox = Path.Combine(AppContext.BaseDirectory, "Processes", "sandbox.py");

    [Fact]
    public async Task The_unit_is_exposed_no_more_than_it_has_to_be()
    {
        Program.Need("systemd-analyze");

        var (_, output) = await Program.RunAsync("systemd-analyze", "security", "--offline=true", "--no-pager", Unit);

        var exposure = Exposure().Match(output);
        Assert.True(exposure.Success, output);
        Campaign.Begin("hardened unit", inCi: 1, whenLong: 1).Say($"exposure {exposure.Groups[1].Value}");
        Assert.InRange(decimal.Parse(exposure.Groups[1].Value, CultureInfo.InvariantCulture), 0m, 1.0m);
    }

    [Fact]
    public async Task The_unit_and_its_account_are_what_systemd_understands()
    {
        Program.Need("systemd-analyze");
        using var folder = new TestFolder();
        var text = await File.ReadAllTextAsync(Unit, Campaign.Cancelled);
        Assert.Contains("ExecStart=/usr/lib/udsbroker/udsbroker ", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            folder["udsbroker.service"],
            text.Replace("/usr/lib/udsbroker/udsbroker", Path.Combine(AppContext.BaseDirectory, "udsbroker"), StringComparison.Ordinal),
            Campaign.Cancelled);

        // What it says of other units of this machine is not about ours.
        var (_, output) = await Program.RunAsync("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", folder["udsbroker.service"]);

        Assert.DoesNotContain("udsbroker", output, StringComparison.Ordinal);
        var account = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Packaging", "udsbroker.sysusers"), Campaign.Cancelled);
        Assert.StartsWith("u udsbroker ", Assert.Single(account, line => line.Length > 0 && line[0] != '#'), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_unit_forbids_is_forbidden_where_the_broker_is_tried()
    {
        await NeedSandboxAsync();
        const string Tries = """
            import os, socket
            unshare = lambda: os.unshare(0x10000000) if hasattr(os, "unshare") else os.nice(1)
            for attempt in [lambda: socket.socket(socket.AF_INET), lambda: os.nice(1), lambda: os.setuid(0), unshare]:
                try: attempt()
                except OSError as e: continue
                raise SystemExit("it is allowed")
            socket.socket(socket.AF_UNIX)
            """;

        var (code, output) = await Program.RunAsync(Python, Sandbox, Unit, $"{User}", $"{User}", Python, "-c", Tries);

        Assert.Equal((0, ""), (code, output));
    }

    [Fact]
    public async Task A_broker_serves_under_the_filters_of_the_unit()
    {
        await NeedSandboxAsync();
        await using var fixture = await BrokerFixture.StartWrappedAsync([Python, Sandbox, Unit, $"{User}", $"{User}"], Prepare);
        var status = await File.ReadAllTextAsync($"/proc/{fixture.Broker.Id}/status", Campaign.Cancelled);
        Assert.Contains("Seccomp:\t2\n", status, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:\t1\n", status, StringComparison.Ordinal);
        Assert.Contains("CapBnd:\t0000000000000000\n", status, StringComparison.Ordinal);

        foreach (var path in new[] { fixture.Socket, $"unix-seqpacket:{fixture.Folder}/packets.sock" })
        {
            await using var client = new UdsBrokerClient(new UdsBrokerOptions { Path = path, ExpectedServerUid = User });
            await using var subscription = await client.SubscribeAsync("served.>", cancellationToken: Campaign.Cancelled);
            await client.PublishAsync("served.so", new byte[300_000], cancellationToken: Campaign.Cancelled);
            Assert.Equal(300_000, (await subscription.ReadAsync(Campaign.Cancelled))!.Payload.Length);
            Assert.Equal(new Receipt(1, 1, 0), await client.FlushAsync(Campaign.Cancelled));
        }

        using (var peer = RawClient.Open(fixture.Socket))
        {
            await peer.GreetAsync();
            Assert.Equal(Environment.ProcessId, peer.Info.Pid);
        }

        fixture.Broker.Signal("HUP");
        await fixture.Broker.WaitForErrorLineAsync("access rules reloaded");
        fixture.Broker.Signal("TERM");
        Assert.Equal(0, await fixture.Broker.WaitForExitAsync());
        Assert.False(File.Exists(fixture.Socket));
    }

    private static string[] Prepare(BrokerFixture fixture)
    {
        var settings = Path.Combine(fixture.Folder, "udsbroker.conf");
        var shipped = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Packaging", "udsbroker.conf"));
        Assert.Contains("group = udsbroker", shipped, StringComparison.Ordinal);
        File.WriteAllText(settings, shipped.Replace("group = udsbroker", $"gid = {User}", StringComparison.Ordinal));
        File.SetUnixFileMode(settings, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Own(fixture.Folder);
        return
        [
            "--config", settings,
            "--set", "udsbroker.log.level=information",
            "--set", $"udsbroker.listeners.packets.path={fixture.Folder}/packets.sock", "--set", "udsbroker.listeners.packets.type=seqpacket",
            "--set", $"udsbroker.listeners.letters.path={fixture.Folder}/letters.sock", "--set", "udsbroker.listeners.letters.type=dgram",
        ];
    }

    private static void Own(string folder)
    {
        using var chown = System.Diagnostics.Process.Start("chown", [$"{User}:{User}", folder]);
        chown.WaitForExit();
        Assert.Equal(0, chown.ExitCode);
    }

    private static async Task NeedSandboxAsync()
    {
        Program.NeedRoot();
        Program.Need("systemd-analyze");
        Assert.SkipUnless(File.Exists(Python), "python3 is not installed");
        var (code, output) = await Program.RunAsync(Python, Sandbox, Unit, $"{User}", $"{User}", "/bin/true");
        Assert.SkipWhen(code == 77, "python3-seccomp is not installed");
        Assert.True(code == 0, output);
    }

    [GeneratedRegex(@"Overall exposure level for udsbroker\.service: ([0-9.]+) ")]
    private static partial Regex Exposure();
}
