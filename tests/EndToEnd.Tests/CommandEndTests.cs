namespace UdsBroker.EndToEnd.Tests;

/// <summary>How commands end that cannot go on: the reader of their output has gone, the disk is full, a signal came.</summary>
public sealed class CommandEndTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sub", "a", "--lines", "--verbose", "--queue", "w")]
    [InlineData("clients", "--watch", "--json")]
    public async Task A_command_that_prints_until_it_is_interrupted_ends_when_nobody_reads_it_any_more(params string[] command)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await using var client = fixture.Client();
        await client.ConnectAsync(Token);
        var head = fixture.Add(ChildProcess.StartAs(
            ["bash", "-c", "\"$@\" | head -n 1; exit ${PIPESTATUS[0]}", "bash"], "udsb", [.. command, "--socket", fixture.Socket], fixture.NextOutput()));
        if (command[0] == "sub") await head.WaitForErrorLineAsync("subscribed to");

        var ending = head.WaitForExitAsync();
        while (!ending.IsCompleted)
        {
            // Each is a message for one command, and presence of clients for the other.
            await using var another = fixture.Client();
            await another.PublishAsync("a", "x"u8.ToArray(), cancellationToken: Token);
            await another.FlushAsync(Token);
        }

        Assert.Equal(0, await ending);
        Assert.DoesNotContain("udsb: standard output", head.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("get", "a")]
    [InlineData("sub", "a", "--count", "1")]
    [InlineData("clients")]
    [InlineData("stats")]
    [InlineData("ping")]
    [InlineData("request", "echo", "x")]
    public async Task A_full_disk_is_a_failure_and_is_said(params string[] command)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await using var client = fixture.Client();
        await client.ServeAsync("echo", (request, _) => ValueTask.FromResult(request.Payload), cancellationToken: Token);
        Assert.Equal(0, await fixture.Udsb("pub", "a", "kept", "--retain").WaitForExitAsync());

        var process = StartInShell(fixture, "\"$@\" > /dev/full", command);

        Assert.Equal(1, await process.WaitForExitAsync());
        Assert.Equal("udsb: standard output cannot be written: No space left on device", process.Errors);
    }

    [Theory]
    [InlineData(0, "pub", "a", "x", "--receipt")]
    [InlineData(1, "request", "nobody.there", "x")]
    [InlineData(2, "pub", "a", "x", "--nonsense")]
    public async Task What_cannot_be_printed_on_a_full_disk_is_still_the_exit_code(int expected, params string[] command)
    {
        await using var fixture = await BrokerFixture.StartAsync();

        Assert.Equal(expected, await StartInShell(fixture, "\"$@\" 2> /dev/full", command).WaitForExitAsync());
    }

    [Theory]
    [InlineData("> /dev/full", 2)]
    [InlineData("2>&-", 2)]
    [InlineData("2>&- request nobody.there x", 1)]
    public async Task A_command_that_cannot_say_what_is_wrong_ends_with_its_exit_code_and_not_with_a_crash(string rest, int expected)
    {
        await using var fixture = await BrokerFixture.StartAsync();

        var process = StartInShell(fixture, $"\"$1\" {rest} \"$2\" \"$3\"", []);

        Assert.Equal(expected, await process.WaitForExitAsync());
        Assert.DoesNotContain("   at ", process.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM", "pub", "a", "-")]
    [InlineData("KILL", "pub", "a", "-", "--lines")]
    public async Task A_publisher_that_waits_for_its_input_ends_with_the_broker(string signal, params string[] command)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await using var client = fixture.Client(reconnect: false);
        await using var clients = await client.SubscribeAsync("$SYS.client.*.connected", cancellationToken: Token);
        var publisher = fixture.Udsb([.. command, "--name", "waiting"]);
        await foreach (var message in clients)
        {
            if (System.Text.Encoding.UTF8.GetString(message.Payload.Span).Contains("\"name\":\"waiting\"", StringComparison.Ordinal)) break;
        }

        fixture.Broker.Signal(signal);

        Assert.Equal(1, await publisher.WaitForExitAsync());
        Assert.Contains(signal == "KILL" ? "the broker is gone" : "the broker is shutting down", publisher.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_ends_a_command_that_had_not_done_its_work_without_a_message(string signal, int expected)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var holder = await fixture.SubscriberAsync("work", "--queue", "workers", "--lines");
        var asker = fixture.Udsb("request", "work", "a job", "--timeout", "10m");
        var publisher = fixture.Udsb("pub", "work", "-", "--lines");
        await publisher.Input.WriteAsync("a line\n"u8.ToArray(), Token);
        await publisher.Input.FlushAsync(Token);
        await OutputFile.UntilAsync(holder.OutputFile, text => text is "a job\na line\n" or "a line\na job\n");

        asker.Signal(signal);
        publisher.Signal(signal);

        Assert.Equal((expected, ""), (await asker.WaitForExitAsync(), asker.Errors));
        Assert.Equal((expected, ""), (await publisher.WaitForExitAsync(), publisher.Errors));
    }

    [Fact]
    public async Task A_service_that_is_interrupted_ends_in_order_and_its_command_with_it()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var pidFile = Path.Combine(fixture.Folder, "pid");
        var server = fixture.Start("udsb", ["serve", "slow", "--verbose", "--socket", fixture.Socket, "--", "sh", "-c", $"echo $$ > {pidFile}; exec sleep 1000"]);
        await server.WaitForErrorLineAsync("serving slow");
        var asker = fixture.Udsb("request", "slow", "x", "--timeout", "10m");
        var pid = (await OutputFile.LineAsync(pidFile, line => line.Length > 0)).Trim();

        server.Signal("INT");

        Assert.Equal(0, await server.WaitForExitAsync());
        Assert.False(Directory.Exists($"/proc/{pid}"));
        Assert.Equal(1, await asker.WaitForExitAsync());
        Assert.Equal("udsb: the service ended before sh had", asker.Errors);
    }

    private static ChildProcess StartInShell(BrokerFixture fixture, string script, string[] command) => fixture.Add(
        ChildProcess.StartAs(["sh", "-c", script, "sh"], "udsb", [.. command, "--socket", fixture.Socket], fixture.NextOutput()));
}
