using System.Diagnostics;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.EndToEnd.Tests;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// C10, C11 and full disks: brokers started at once on one path, on a disk without room, in a directory that cannot be written. Either one
/// broker serves, or there is one line that says why not, an exit code, and nothing left behind.
/// </summary>
public sealed class StartTests
{
    [Fact]
    public async Task Of_brokers_started_at_once_on_one_path_exactly_one_wins()
    {
        var campaign = Campaign.Begin("brokers at once", inCi: 3, whenLong: 1000);
        using var folder = new TestFolder();
        var socket = folder["broker.sock"];
        var wins = 0;
        for (var round = 0L; round < campaign.Rounds; round++)
        {
            var random = new SeededRandom(campaign.Seed, round);
            var brokers = Enumerable.Range(0, Campaign.IsLong ? 8 : 2 + random.Next(2))
                .Select(number => ChildProcess.Start("udsbroker", ["--socket", socket], folder[$"out-{number}"])).ToList();
            try
            {
                await Wait.Until(() => brokers.All(broker => broker.Errors.Length > 0), "every broker has said something");
                var winner = Assert.Single(brokers, broker => broker.Errors.Contains("listening on " + socket + " (", StringComparison.Ordinal));
                foreach (var loser in brokers.Where(broker => broker != winner))
                {
                    Assert.Equal(1, await loser.WaitForExitAsync());
                    Assert.Contains($"is already listening on {socket}", loser.Errors, StringComparison.Ordinal);
                }

                using (var client = RawClient.Open(socket)) await client.GreetAsync();
                winner.Signal(random.OneIn(2) ? "KILL" : "TERM");
                await winner.WaitForExitAsync();
                wins++;
            }
            finally
            {
                foreach (var broker in brokers) await broker.DisposeAsync();
            }
        }

        campaign.Say($"{wins} of {campaign.Rounds} rounds had exactly one winner, whose socket worked, also over the stale socket of a killed one");
    }

    [Fact]
    public async Task A_second_broker_exits_at_once_and_the_first_does_not_notice()
    {
        var campaign = Campaign.Begin("second brokers", inCi: 3, whenLong: 100);
        await using var fixture = await BrokerFixture.StartAsync();
        var times = new List<TimeSpan>();
        for (var round = 0L; round < campaign.Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            await using var second = ChildProcess.Start("udsbroker", ["--socket", fixture.Socket], fixture.NextOutput());
            Assert.Equal(1, await second.WaitForExitAsync());
            times.Add(clock.Elapsed);
            Assert.Contains($"is already listening on {fixture.Socket}", second.Errors, StringComparison.Ordinal);
        }

        using var client = RawClient.Open(fixture.Socket);
        await client.GreetAsync();
        times.Sort();
        campaign.Say(
            $"{campaign.Rounds} second brokers exited {times[times.Count / 2].TotalMilliseconds:f0} ms (median), {times[^1].TotalMilliseconds:f0} ms at most "
            + "after they were started");
    }

    [Theory]
    [InlineData("size=64k,nr_inodes=1", 0)] // not even the lock file
    [InlineData("size=64k,nr_inodes=2", 1)] // the lock file, which is kept forever, and no socket
    public async Task A_full_disk_is_a_failed_start_that_leaves_nothing_behind(string options, int left)
    {
        await using var disk = await SmallDisk.MountAsync(options);

        var (code, errors) = await StartAsync(disk.Folder);

        Assert.Equal(1, code);
        Assert.Contains("No space left on device", errors, StringComparison.Ordinal);
        Assert.Single(errors.Split('\n'));
        Assert.Equal(left, Directory.GetFileSystemEntries(disk.Folder).Length);
    }

    [Fact]
    public async Task A_read_only_directory_is_a_failed_start()
    {
        await using var disk = await SmallDisk.MountAsync("size=64k");
        await disk.RemountAsync("ro");

        var (code, errors) = await StartAsync(disk.Folder);

        Assert.Equal(1, code);
        Assert.Contains("Read-only file system", errors, StringComparison.Ordinal);
        Assert.Single(errors.Split('\n'));
        Assert.Empty(Directory.GetFileSystemEntries(disk.Folder));
    }

    [Theory]
    [InlineData(false)] // the directory is another user's
    [InlineData(true)] // its own, with a lock file that is another user's
    public async Task A_place_that_its_user_may_not_write_to_is_a_failed_start_that_leaves_nothing_behind(bool isOwn)
    {
        const int User = 61234;
        const UnixFileMode LookedAt = (UnixFileMode)0b111_101_101; // 0755
        Program.NeedRoot();
        Program.Need("setpriv");
        using var folder = new TestFolder();
        File.SetUnixFileMode(folder.Path, LookedAt);
        var place = Directory.CreateDirectory(folder["place"], LookedAt).FullName;
        var lockFile = Path.Combine(place, "broker.sock.lock");
        if (isOwn)
        {
            await File.WriteAllTextAsync(lockFile, "", Campaign.Cancelled);
            File.SetUnixFileMode(lockFile, UnixFileMode.UserRead);
            Assert.Equal((0, ""), await Program.RunAsync("chown", $"{User}", place));
        }

        await using var broker = ChildProcess.StartAs(
            ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups"], "udsbroker", ["--socket", Path.Combine(place, "broker.sock")], folder["out"]);

        Assert.Equal(1, await broker.WaitForExitAsync());
        Assert.Equal($"udsbroker: uid {User} may not write the lock file {lockFile}; choose a path in a directory of your own", broker.Errors.Trim());
        Assert.Equal(isOwn ? [lockFile] : [], Directory.GetFileSystemEntries(place));
    }

    [Fact]
    public async Task A_broker_whose_disk_is_taken_away_ends_with_its_exit_code()
    {
        await using var disk = await SmallDisk.MountAsync("size=64k");
        await using var broker = ChildProcess.Start(
            "udsbroker", ["--socket", Path.Combine(disk.Folder, "broker.sock"), "--set", "udsbroker.listener.check-interval=100ms"], "/dev/null");
        await broker.WaitForErrorLineAsync("listening on");
        using (var client = RawClient.Open(Path.Combine(disk.Folder, "broker.sock"))) await client.GreetAsync();

        await disk.UnmountAsync(lazily: true);

        Assert.Equal(3, await broker.WaitForExitAsync());
        Assert.Contains("is no longer the socket of this broker", broker.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_does_not_stop_the_broker()
    {
        using var folder = new TestFolder();
        var program = Path.Combine(AppContext.BaseDirectory, "udsbroker");
        await using var broker = ChildProcess.Start(
            "/bin/sh", ["-c", "exec \"$0\" --socket \"$1\" --set udsbroker.log.level=debug 2>/dev/full", program, folder["broker.sock"]], folder["out"]);

        await Wait.Until(() => File.Exists(folder["broker.sock"]), "the socket is there");
        using (var client = RawClient.Open(folder["broker.sock"])) await client.GreetAsync();
        broker.Signal("TERM");

        Assert.Equal(0, await broker.WaitForExitAsync());
        Assert.False(File.Exists(folder["broker.sock"]));
    }

    private static async Task<(int Code, string Errors)> StartAsync(string folder)
    {
        await using var broker = ChildProcess.Start("udsbroker", ["--socket", Path.Combine(folder, "broker.sock")], "/dev/null");
        return (await broker.WaitForExitAsync(), broker.Errors.Trim());
    }
}
