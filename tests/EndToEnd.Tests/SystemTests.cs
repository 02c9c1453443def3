using System.Text.Json;
using System.Text.RegularExpressions;
using UdsBroker.Client;
using UdsBroker.Protocol;

namespace UdsBroker.EndToEnd.Tests;

/// <summary>The broker as its operators and scripts see it: clients, waiting for others, wills, statistics, and an orderly end.</summary>
public sealed partial class SystemTests
{
    [Fact]
    public async Task Clients_watch_prints_who_comes_and_why_they_go()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var (watch, output) = await WatchAsync(fixture);
        var clean = await StartSubscriberAsync(fixture, output, "clean-one");
        var killed = await StartSubscriberAsync(fixture, output, "killed-one");

        clean.Signal("INT");
        killed.Signal("KILL");

        Assert.Matches(@"^- [0-9a-f-]{36}  pid \d+ +uid \d+ +gid \S+ +clean-one  clean$", await LineAsync(output, '-', "clean-one"));
        Assert.Matches(@"^- [0-9a-f-]{36}  pid \d+ +uid \d+ +gid \S+ +killed-one  crashed:", await LineAsync(output, '-', "killed-one"));
        watch.Signal("INT");
        Assert.Equal(0, await watch.WaitForExitAsync());
    }

    [Fact]
    public async Task Clients_prints_who_is_there_and_leaves()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var subscriber = await fixture.SubscriberAsync("some.thing", "--name", "the\u001bone");

        Assert.Equal(0, await fixture.Udsb(out var lines, "clients").WaitForExitAsync());
        Assert.Equal(0, await fixture.Udsb(out var json, "clients", "--json").WaitForExitAsync());

        Assert.Matches(
            $@"\A[0-9a-f-]{{36}}  pid {subscriber.Process.Id} +uid \d+ +gid \S+ +the\\u001bone  /\S*udsb\n\z", await File.ReadAllTextAsync(lines, TestContext.Current.CancellationToken));
        using var client = JsonDocument.Parse(Assert.Single(await File.ReadAllLinesAsync(json, TestContext.Current.CancellationToken)));
        Assert.Equal(subscriber.Process.Id, client.RootElement.GetProperty("pid").GetInt32());
    }

    [Fact]
    public async Task Clients_says_by_its_exit_code_that_nobody_else_is_there_and_a_client_is_called_what_it_does()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        Assert.Equal(4, await fixture.Udsb(out var nobody, "clients").WaitForExitAsync());
        Assert.Equal("", await File.ReadAllTextAsync(nobody, TestContext.Current.CancellationToken));
        await fixture.SubscriberAsync("orders.>");

        Assert.Equal(0, await fixture.Udsb(out var json, "clients", "--json").WaitForExitAsync());

        using var client = JsonDocument.Parse(Assert.Single(await File.ReadAllLinesAsync(json, TestContext.Current.CancellationToken)));
        Assert.Equal("udsb sub orders.>", client.RootElement.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Wait_ends_when_somebody_subscribes_and_fails_when_nobody_does_in_time()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var alone = fixture.Udsb("wait", "jobs.new", "--timeout", "50ms");
        Assert.Equal(1, await alone.WaitForExitAsync());
        Assert.Contains("jobs.new", alone.Errors, StringComparison.Ordinal);

        var wait = fixture.Udsb("wait", "jobs.new");
        await fixture.SubscriberAsync("jobs.>");

        Assert.Equal(0, await wait.WaitForExitAsync());
    }

    [Fact]
    public async Task A_killed_subscriber_leaves_its_will_and_a_stopped_one_does_not()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var witness = await fixture.SubscriberAsync("pump.state", "--json", "--count", "2");
        var stopped = await fixture.SubscriberAsync("a", "--will", "pump.state=stopped");
        var killed = await fixture.SubscriberAsync("a", "--will", "pump.state=killed");

        stopped.Process.Signal("INT");
        await stopped.Process.WaitForExitAsync();
        killed.Process.Signal("KILL");
        await killed.Process.WaitForExitAsync();
        Assert.Equal(0, await fixture.Udsb("pub", "pump.state", "done").WaitForExitAsync());

        Assert.Equal(0, await witness.Process.WaitForExitAsync());
        var lines = await File.ReadAllLinesAsync(witness.OutputFile, TestContext.Current.CancellationToken);
        var payloads = lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("payload").GetString());
        Assert.Equal(["done", "killed"], payloads.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_will_that_is_to_be_retained_is_there_for_whoever_asks_later()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var witness = await fixture.SubscriberAsync("pump.state", "--count", "1");
        var killed = await fixture.SubscriberAsync("a", "--will", "pump.state=lost", "--will-retain");

        killed.Process.Signal("KILL");
        Assert.Equal(0, await witness.Process.WaitForExitAsync());

        var get = fixture.Udsb(out var kept, "get", "pump.state");
        Assert.Equal(0, await get.WaitForExitAsync());
        Assert.Equal("lost", (await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken)).TrimEnd('\n'));
    }

    [Fact]
    public async Task Stats_are_names_and_numbers_or_json()
    {
        await using var fixture = await BrokerFixture.StartAsync("--set", "udsbroker.system.statistics-interval=50ms");
        Assert.Equal(0, await fixture.Udsb("pub", "nobody", "x").WaitForExitAsync());

        var stats = fixture.Udsb(out var lines, "stats");
        Assert.Equal(0, await stats.WaitForExitAsync());
        var text = await File.ReadAllTextAsync(lines, TestContext.Current.CancellationToken);
        Assert.Contains("connections.open 1\n", text, StringComparison.Ordinal);
        Assert.Contains("connections.ended.clean 1\n", text, StringComparison.Ordinal);
        Assert.Contains("messages.dropped.overflow 0\n", text, StringComparison.Ordinal);

        var json = fixture.Udsb(out var line, "stats", "--json");
        Assert.Equal(0, await json.WaitForExitAsync());
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(line, TestContext.Current.CancellationToken));
        Assert.Equal(fixture.Broker.Id, document.RootElement.GetProperty("pid").GetInt32());

        var watch = fixture.Udsb(out var watched, "stats", "--watch");
        Assert.StartsWith("{\"version\":", await OutputFile.LineAsync(watched, _ => true), StringComparison.Ordinal);
        watch.Signal("INT");
        Assert.Equal(0, await watch.WaitForExitAsync());
    }

    [Fact]
    public async Task Statistics_can_be_watched_at_once_though_the_broker_publishes_none()
    {
        await using var fixture = await BrokerFixture.StartAsync("--set", "udsbroker.system.statistics-interval=0s");

        var watch = fixture.Udsb(out var watched, "stats", "--watch");

        Assert.StartsWith("{\"version\":", await OutputFile.LineAsync(watched, _ => true), StringComparison.Ordinal);
        watch.Signal("INT");
        Assert.Equal(0, await watch.WaitForExitAsync());
    }

    [Fact]
    public async Task A_kicked_client_ends_and_is_told_by_whom()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var (watch, output) = await WatchAsync(fixture);
        var victim = await StartSubscriberAsync(fixture, output, "victim");
        var id = Identity().Match(await OutputFile.LineAsync(output, line => line.Contains("victim", StringComparison.Ordinal))).Value;

        Assert.Equal(0, await fixture.Udsb("kick", id, "--message", "too loud").WaitForExitAsync());

        Assert.Equal(1, await victim.WaitForExitAsync());
        Assert.Contains("too loud", victim.Errors, StringComparison.Ordinal);
        await fixture.Broker.WaitForErrorLineAsync($"kick of connection {id}");
        var twice = fixture.Udsb("kick", id);
        Assert.Equal(1, await twice.WaitForExitAsync());
        Assert.Contains(id, twice.Errors, StringComparison.Ordinal);
        watch.Signal("INT");
    }

    [Fact]
    public async Task A_drained_broker_sends_its_clients_away_and_ends_with_0()
    {
        await using var fixture = await BrokerFixture.StartAsync("--set", "udsbroker.shutdown.lame-duck-period=300ms");
        var subscribers = new[] { await fixture.SubscriberAsync("a"), await fixture.SubscriberAsync("b") };
        var drain = fixture.Udsb(out var output, "drain");

        Assert.Equal(0, await drain.WaitForExitAsync());
        Assert.Equal("the broker accepts nothing new and sends 2 other connections away\n", await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
        foreach (var (process, _) in subscribers)
        {
            Assert.Equal(1, await process.WaitForExitAsync());
            Assert.Contains("LameDuck", process.Errors, StringComparison.Ordinal);
        }

        Assert.Equal(0, await fixture.Broker.WaitForExitAsync());
        Assert.False(File.Exists(fixture.Socket));
    }

    [Fact]
    public async Task A_client_with_an_alternate_goes_on_there_when_its_broker_is_drained()
    {
        await using var first = await BrokerFixture.StartAsync("--set", "udsbroker.shutdown.lame-duck-period=0s");
        await using var second = await BrokerFixture.StartAsync();
        await using var client = new UdsBrokerClient(new UdsBrokerOptions { Path = first.Socket, AlternatePaths = [second.Socket] });
        await using var jobs = await client.SubscribeAsync("jobs", cancellationToken: TestContext.Current.CancellationToken);
        var gone = new TaskCompletionSource<DisconnectedEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.Disconnected += news => gone.TrySetResult(news);

        Assert.Equal(0, await first.Udsb("drain").WaitForExitAsync());
        Assert.Equal(0, await second.Udsb("wait", "jobs").WaitForExitAsync());
        Assert.Equal(0, await second.Udsb("pub", "jobs", "from the second").WaitForExitAsync());

        var message = await jobs.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(ChildProcess.Patience, TestContext.Current.CancellationToken);
        Assert.Equal("from the second", System.Text.Encoding.UTF8.GetString(message.Payload.Span));
        Assert.Equal(CloseReason.LameDuck, (await gone.Task.WaitAsync(ChildProcess.Patience, TestContext.Current.CancellationToken)).Reason);
        Assert.Equal(second.Socket, client.Server!.Path);
        Assert.Equal(0, await first.Broker.WaitForExitAsync());
    }

    /// <summary>The list of clients, active when this returns.</summary>
    private static async Task<(ChildProcess Process, string Output)> WatchAsync(BrokerFixture fixture)
    {
        var watch = fixture.Udsb(out var output, "clients", "--watch");
        Assert.Equal(0, await fixture.Udsb("wait", "$SYS.client.some.connected").WaitForExitAsync());
        return (watch, output);
    }

    /// <summary>A subscriber of that name, of which the list of clients has told.</summary>
    private static async Task<ChildProcess> StartSubscriberAsync(BrokerFixture fixture, string output, string name)
    {
        var subscriber = await fixture.SubscriberAsync("some.thing", "--name", name);
        await LineAsync(output, '+', name);
        return subscriber.Process;
    }

    /// <summary>The line of the list of clients that begins with this sign and names this one.</summary>
    private static Task<string> LineAsync(string output, char sign, string name) =>
        OutputFile.LineAsync(output, line => line.StartsWith(sign) && line.Contains(name, StringComparison.Ordinal));

    [GeneratedRegex("[0-9a-f-]{36}")]
    private static partial Regex Identity();
}
