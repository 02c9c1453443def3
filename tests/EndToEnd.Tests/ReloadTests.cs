namespace UdsBroker.EndToEnd.Tests;

/// <summary>SIGHUP: reloaded settings apply without a restart, the others are named, and a broken file changes nothing.</summary>
public sealed class ReloadTests
{
    private const string Start = """
        udsbroker.users.max-retained-messages = 1
        udsbroker.users.max-delayed-messages = 1
        udsbroker.users.max-subscriptions = 1
        """;

    private const string Wider = """
        udsbroker.users.max-retained-messages = 3
        udsbroker.users.max-delayed-messages = 3
        udsbroker.users.max-subscriptions = 3
        udsbroker.log.level = debug
        udsbroker.limits.max-payload = 1 MiB
        udsbroker.receive.buffer-size = 64 KiB
        """;

    [Fact]
    public async Task Limits_and_the_log_level_hold_at_once_and_what_needs_a_restart_is_named()
    {
        await using var fixture = await StartAsync(Start);
        await using var client = fixture.Client();
        await using var first = await client.SubscribeAsync("s.1", cancellationToken: Token);
        await AssertExitsAsync(fixture, 0, null, "pub", "r.1", "x", "--retain");
        await AssertExitsAsync(fixture, 1, "at most 1 messages or 33554432 bytes are allowed to one user", "pub", "r.2", "x", "--retain");
        await AssertExitsAsync(fixture, 0, null, "pub", "d.1", "x", "--delay", "1h");
        await AssertExitsAsync(fixture, 1, "at most 1 messages or 33554432 bytes are allowed to one user", "pub", "d.2", "x", "--delay", "1h");
        await AssertExitsAsync(fixture, 1, "at most 1 are allowed", "sub", "s.2");

        await ReloadAsync(fixture, Wider);
        await fixture.Broker.WaitForErrorLineAsync(
            "195 SIGHUP: these changed settings need a restart: udsbroker.limits.max-payload, udsbroker.receive.buffer-size");

        await AssertExitsAsync(fixture, 0, null, "pub", "r.2", "x", "--retain");
        await AssertExitsAsync(fixture, 0, null, "pub", "d.2", "x", "--delay", "1h");
        await using var second = await client.SubscribeAsync("s.2", cancellationToken: Token); // of the connection that was there before
        await fixture.Broker.WaitForErrorLineAsync("debug 100 connection");
    }

    [Fact]
    public async Task A_broken_file_changes_nothing_and_is_one_clear_line()
    {
        await using var fixture = await StartAsync(Start);
        await AssertExitsAsync(fixture, 0, null, "pub", "r.1", "x", "--retain");

        await ReloadAsync(fixture, Wider + "\nudsbroker.users.max-retained = lots\n");
        await fixture.Broker.WaitForErrorLineAsync(
            "192 SIGHUP: nothing was changed, because the settings are wrong: udsbroker.users.max-retained = lots: expected a size from 0 B to 1 TiB");
        await AssertExitsAsync(fixture, 1, "allowed to one user", "pub", "r.2", "x", "--retain");

        await ReloadAsync(fixture, "udsbroker {");
        await fixture.Broker.WaitForErrorLineAsync("line 1: this { is never closed");
        await AssertExitsAsync(fixture, 1, "allowed to one user", "pub", "r.2", "x", "--retain");
        Assert.DoesNotContain("debug", fixture.Broker.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", fixture.Broker.Errors, StringComparison.Ordinal);

        await ReloadAsync(fixture, Wider); // and from a good one it recovers
        await fixture.Broker.WaitForErrorLineAsync("195 SIGHUP");
        await AssertExitsAsync(fixture, 0, null, "pub", "r.2", "x", "--retain");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Config(BrokerFixture fixture) => Path.Combine(fixture.Folder, "broker.conf");

    private static Task<BrokerFixture> StartAsync(string settings) => BrokerFixture.StartWrappedAsync([], fixture =>
    {
        File.WriteAllText(Config(fixture), settings);
        return ["--config", Config(fixture)];
    });

    private static async Task ReloadAsync(BrokerFixture fixture, string settings)
    {
        await File.WriteAllTextAsync(Config(fixture), settings, Token);
        fixture.Broker.Signal("HUP");
    }

    private static async Task AssertExitsAsync(BrokerFixture fixture, int code, string? error, params string[] arguments)
    {
        var program = fixture.Udsb(arguments);
        Assert.Equal(code, await program.WaitForExitAsync());
        if (error is not null) Assert.Contains(error, program.Errors, StringComparison.Ordinal);
    }
}
