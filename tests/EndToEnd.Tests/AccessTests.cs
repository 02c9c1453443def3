namespace UdsBroker.EndToEnd.Tests;

/// <summary>
/// Access between processes of really different users: what the rules allow, what they deny and how it is said, reload by SIGHUP, and both halves of
/// trust: the broker asks the kernel who connects, the client who listens.
/// </summary>
public sealed class AccessTests
{
    private const uint Sensor = 4242;
    private const uint Sensors = 4300;
    private const uint Stranger = 4343;

    private const string Rules = """
        udsbroker.listener.mode = 0666
        udsbroker.access.rules = [
          { allow = connect, gid = 4300 },
          { deny = [publish, subscribe], gid = 4300, subjects = "sensors.secret.>" },
          { allow = [publish, subscribe], gid = 4300, subjects = "sensors.*" }
        ]
        """;

    [Fact]
    public async Task Users_and_groups_may_do_what_the_rules_say_and_nothing_else()
    {
        await using var fixture = await StartAsync(Rules);
        var subscriber = await fixture.SubscriberAsync("sensors.>", "--count", "1");

        var denied = As(fixture, Stranger, [Stranger], "pub", "sensors.a", "x");
        Assert.Equal(1, await denied.WaitForExitAsync());
        Assert.Contains($"uid {Stranger} may not connect: no rule matches and udsbroker.access.default decides", denied.Errors, StringComparison.Ordinal);

        var refused = As(fixture, Sensor, [Sensors], "pub", "sensors.secret.a", "x");
        Assert.Equal(1, await refused.WaitForExitAsync());
        Assert.Equal($"udsb: 1 of 1 messages were refused: uid {Sensor} may not publish to sensors.secret.a: rule 2 of udsbroker.access.rules", refused.Errors);

        var leak = As(fixture, Sensor, [1, Sensors], "sub", "sensors.>");
        Assert.Equal(1, await leak.WaitForExitAsync());
        Assert.Contains($"uid {Sensor} may not subscribe to sensors.>", leak.Errors, StringComparison.Ordinal);

        Assert.Equal(0, await As(fixture, Stranger, [1, 5, Sensors, 6], "pub", "sensors.a", "hello").WaitForExitAsync());
        Assert.Equal(0, await subscriber.Process.WaitForExitAsync());
        Assert.Equal("hello", await File.ReadAllTextAsync(subscriber.OutputFile, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_hang_up_signal_ends_subscriptions_that_are_no_longer_allowed_and_leaves_other_connections_alone()
    {
        await using var fixture = await StartAsync(Rules);
        var kept = await fixture.SubscriberAsync("sensors.*", "--count", "1");
        var revoked = As(fixture, Sensor, [Sensors], "sub", "--verbose", "sensors.a");
        await revoked.WaitForErrorLineAsync("subscribed to");

        await File.WriteAllTextAsync(Config(fixture), Rules.Replace("sensors.*", "sensors.b", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        fixture.Broker.Signal("HUP");

        Assert.Equal(1, await revoked.WaitForExitAsync());
        Assert.Contains($"uid {Sensor} may not subscribe to sensors.a: no rule matches", revoked.Errors, StringComparison.Ordinal);
        Assert.Equal(0, await As(fixture, Sensor, [Sensors], "pub", "sensors.b", "still here").WaitForExitAsync());
        Assert.Equal(0, await kept.Process.WaitForExitAsync());
    }

    [Fact]
    public async Task A_rule_can_speak_of_a_program()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "udsb");
        await using var fixture = await StartAsync($"udsbroker.listener.mode = 0666, udsbroker.access.rules = [{{ allow = all, uid = 4242, executable = \"{program}\" }}]");

        Assert.Equal(0, await As(fixture, Sensor, [Sensor], "pub", "a", "x").WaitForExitAsync());
        Assert.Equal(1, await As(fixture, Stranger, [Stranger], "pub", "a", "x").WaitForExitAsync());
        await File.WriteAllTextAsync(Config(fixture), "udsbroker.access.rules = [{ allow = all, uid = 4242, executable = /usr/bin/other }]", TestContext.Current.CancellationToken);
        fixture.Broker.Signal("HUP");
        await fixture.Broker.WaitForErrorLineAsync("191 access rules reloaded");
        Assert.Equal(1, await As(fixture, Sensor, [Sensor], "pub", "a", "x").WaitForExitAsync());
    }

    [Fact]
    public async Task A_rule_can_speak_of_a_systemd_unit_and_a_process_cannot_choose_its_own()
    {
        var name = $"udsb-{Environment.ProcessId}.service";
        await using var fixture = await StartAsync($"udsbroker.listener.mode = 0666, udsbroker.access.rules = [{{ allow = all, unit = {name} }}]");
        using var unit = TestUnit.Create(name);
        using var other = TestUnit.Create($"other-{name}/{name}");

        Assert.Equal(0, await In(unit).WaitForExitAsync());
        Assert.Equal(1, await In(other).WaitForExitAsync());
        Assert.Equal(1, await As(fixture, Sensor, [Sensor], "ping").WaitForExitAsync());

        ChildProcess In(TestUnit place) => fixture.Add(ChildProcess.StartAs(
            ["sh", "-c", "echo $$ > \"$0\" && exec \"$@\"", place.Processes, .. Users.Privileges(Sensor, [Sensor])],
            "udsb",
            ["ping", "--socket", fixture.Socket],
            fixture.NextOutput()));
    }

    [Fact]
    public async Task The_rule_that_decides_is_explained_to_root()
    {
        await using var fixture = await StartAsync(Rules);

        Assert.Equal(0, await fixture.Udsb(out var output, "acl", "explain", "--uid", "4242", "--gid", "4300", "sensors.secret.a").WaitForExitAsync());
        Assert.Equal(
            [
                "uid 4242, groups 4300",
                "connect    allowed  rule 1 of udsbroker.access.rules: { allow = connect, gid = 4300 }",
                "publish    denied   rule 2 of udsbroker.access.rules: { deny = [publish, subscribe], gid = 4300, subjects = sensors.secret.> }",
                "subscribe  denied   rule 2 of udsbroker.access.rules: { deny = [publish, subscribe], gid = 4300, subjects = sensors.secret.> }",
            ],
            await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken));

        var other = As(fixture, Sensor, [Sensors], "acl", "explain", "--uid", "0");
        Assert.Equal(1, await other.WaitForExitAsync());
        Assert.Contains("operators", other.Errors, StringComparison.Ordinal);
        Assert.Equal(2, await fixture.Udsb("acl", "explain", "--uid", "me").WaitForExitAsync());
    }

    [Fact]
    public async Task A_user_whom_the_kernel_cannot_name_is_nobody_unless_a_rule_says_unknown()
    {
        await using var fixture = await StartAsync("udsbroker.listener.mode = 0666, udsbroker.access.default = allow", "unshare", "--map-root-user", "--kill-child");

        Assert.Equal(0, await fixture.Udsb("ping").WaitForExitAsync());
        var unnamed = As(fixture, Sensor, [Sensor], "ping");
        Assert.Equal(1, await unnamed.WaitForExitAsync());
        Assert.Contains("an unknown user may not connect", unnamed.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_outside_of_the_brokers_pid_namespace_has_no_process_id_and_is_served_by_its_user()
    {
        await using var fixture = await StartAsync("udsbroker.listener.mode = 0666", "unshare", "--pid", "--fork", "--kill-child");

        await fixture.SubscriberAsync("a");
        var clients = fixture.Udsb(out var output, "clients", "--json");
        Assert.Equal(0, await clients.WaitForExitAsync());
        var client = Assert.Single(await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken));
        Assert.Contains("udsb sub a", client, StringComparison.Ordinal);
        Assert.DoesNotContain("\"pid\"", client, StringComparison.Ordinal);
        Assert.Equal(1, await As(fixture, Stranger, [Stranger], "ping").WaitForExitAsync());
    }

    [Fact]
    public async Task A_client_does_not_talk_to_a_broker_of_another_user()
    {
        Users.Require();
        var folder = Directory.CreateTempSubdirectory("udsb-e2e-").FullName;
        try
        {
            File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("1777", 8)); // as /tmp: the squatter was there first
            var socket = Path.Combine(folder, "broker.sock");
            await using var squatter = Users.Start(
                "udsbroker", Sensor, [Sensor], "/dev/null", "--socket", socket, "--set", "udsbroker.listener.mode=0666", "--set", "udsbroker.access.default=allow");
            await squatter.WaitForErrorLineAsync("listening on");

            await using var client = ChildProcess.Start("udsb", ["pub", "a", "a secret", "--socket", socket], "/dev/null");
            Assert.Equal(1, await client.WaitForExitAsync());
            Assert.Contains($"runs as uid {Sensor}; expected is root", client.Errors, StringComparison.Ordinal);
            Assert.EndsWith("(--server-user or $UDSBROKER_SERVER_USER names the user of a broker that listens; --unverified trusts anybody.)", client.Errors, StringComparison.Ordinal);

            await using var told = ChildProcess.Start("udsb", ["pub", "a", "x", "--socket", socket, "--server-user", $"{Sensor}"], "/dev/null");
            Assert.Equal((0, ""), (await told.WaitForExitAsync(), told.Errors));
            await using var wrong = ChildProcess.Start("udsb", ["pub", "a", "a secret", "--socket", socket, "--server-user", "root"], "/dev/null");
            Assert.Equal(1, await wrong.WaitForExitAsync());
            Assert.Contains($"runs as uid {Sensor}; expected is uid 0", wrong.Errors, StringComparison.Ordinal);
            foreach (var (user, expected) in new[] { ($"{Sensor}", 0), ("no-such-user", 2) })
            {
                await using var environment = ChildProcess.Start("udsb", ["pub", "a", "x", "--socket", socket], "/dev/null", new Dictionary<string, string?> { ["UDSBROKER_SERVER_USER"] = user });
                Assert.Equal(expected, await environment.WaitForExitAsync());
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Config(BrokerFixture fixture) => Path.Combine(fixture.Folder, "broker.conf");

    private static async Task<BrokerFixture> StartAsync(string settings, params string[] wrapper)
    {
        Users.Require();
        if (wrapper.Length > 0) Users.RequireNamespaces(wrapper[1..]);
        return await BrokerFixture.StartWrappedAsync(wrapper, fixture =>
        {
            File.SetUnixFileMode(fixture.Folder, (UnixFileMode)Convert.ToInt32("711", 8)); // closed to others otherwise
            File.WriteAllText(Config(fixture), settings);
            return ["--config", Config(fixture), "--set", "udsbroker.log.level=information"];
        });
    }

    private static ChildProcess As(BrokerFixture fixture, uint uid, uint[] gids, params string[] arguments) =>
        fixture.Add(Users.Start("udsb", uid, gids, fixture.NextOutput(), [.. arguments, "--socket", fixture.Socket]));
}
