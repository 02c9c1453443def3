using System.Text.Json;

namespace UdsBroker.EndToEnd.Tests;

/// <summary>The command lines as a shell sees them: output, exit codes, signals.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task Json_names_subject_sender_headers_and_payload_text_or_base64()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var subscriber = await fixture.SubscriberAsync("a.>", "--json", "--count", "2");
        Assert.Equal(0, await fixture.Udsb("pub", "a.text", "@héllo \"you\"", "--header", "k=v", "--reply", "answers.here").WaitForExitAsync());
        var binary = Path.Combine(fixture.Folder, "binary");
        await File.WriteAllBytesAsync(binary, [0xff, 0x00, 0x0a], TestContext.Current.CancellationToken);
        Assert.Equal(0, await fixture.Udsb("pub", "a.binary", "--file", binary).WaitForExitAsync());

        Assert.Equal(0, await subscriber.Process.WaitForExitAsync());
        var lines = await File.ReadAllLinesAsync(subscriber.OutputFile, TestContext.Current.CancellationToken);
        Assert.Equal(2, lines.Length);
        using var text = JsonDocument.Parse(lines[0]);
        using var bytes = JsonDocument.Parse(lines[1]);
        Assert.Equal("a.text", text.RootElement.GetProperty("subject").GetString());
        Assert.Equal("@héllo \"you\"", text.RootElement.GetProperty("payload").GetString());
        Assert.Equal("v", text.RootElement.GetProperty("headers").GetProperty("k").GetString());
        Assert.Equal("answers.here", text.RootElement.GetProperty("reply").GetString());
        Assert.NotEqual(Guid.Empty, text.RootElement.GetProperty("sender").GetGuid());
        Assert.Equal("/wAK", bytes.RootElement.GetProperty("payloadBase64").GetString());
    }

    [Fact]
    public async Task An_argument_that_is_not_utf8_is_refused_and_a_standard_input_that_cannot_be_read_is_named()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var typed = fixture.Add(ChildProcess.StartAs(["sh", "-c", "\"$@\" \"$(printf 'caf\\351')\"", "sh"], "udsb", ["--socket", fixture.Socket, "pub", "a"], fixture.NextOutput()));
        var folder = fixture.Add(ChildProcess.StartAs(["sh", "-c", "\"$@\" < /", "sh"], "udsb", ["--socket", fixture.Socket, "pub", "a", "-"], fixture.NextOutput()));

        Assert.Equal((2, "udsb: 'caf\uFFFD' is not UTF-8; a payload of other bytes comes from standard input"), (await typed.WaitForExitAsync(), typed.Errors));
        Assert.Equal((1, "udsb: standard input cannot be read: Is a directory"), (await folder.WaitForExitAsync(), folder.Errors));
    }

    [Fact]
    public async Task Standard_input_is_published_whole_or_by_lines_and_the_receipt_counts_it()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var subscriber = await fixture.SubscriberAsync("in", "--count", "4");
        (string[], string)[] cases =
            [(["pub", "in", "-"], "published 1, matched 1, dropped 0"), (["pub", "in", "-", "--lines"], "published 3, matched 3, dropped 0")];
        foreach (var (arguments, receipt) in cases)
        {
            var publisher = fixture.Udsb([.. arguments, "--receipt"]);
            await publisher.Input.WriteAsync("1\n22\n333\n"u8.ToArray(), TestContext.Current.CancellationToken);
            publisher.CloseInput();
            Assert.Equal(0, await publisher.WaitForExitAsync());
            Assert.Equal(receipt, publisher.Errors);
        }

        Assert.Equal(0, await subscriber.Process.WaitForExitAsync());
        Assert.Equal("1\n22\n333\n" + "122333", await File.ReadAllTextAsync(subscriber.OutputFile, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_subscriber_prints_what_matches_any_of_its_patterns_and_ends_after_its_time_with_4_when_nothing_did()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var (both, output) = await fixture.SubscriberAsync("a.*", "b", "--lines");
        foreach (var subject in new[] { "a.x", "b", "c" }) Assert.Equal(0, await fixture.Udsb("pub", subject, $"on {subject}").WaitForExitAsync());

        await OutputFile.UntilAsync(output, text => text is "on a.x\non b\n" or "on b\non a.x\n");
        both.Signal("INT");
        Assert.Equal(0, await both.WaitForExitAsync());

        Assert.Equal(4, await fixture.Udsb("sub", "nothing.comes", "--timeout", "50ms").WaitForExitAsync());
    }

    [Fact]
    public async Task Ctrl_C_ends_a_subscriber_with_success()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var subscriber = await fixture.SubscriberAsync(">");

        subscriber.Process.Signal("INT");

        Assert.Equal(0, await subscriber.Process.WaitForExitAsync());
    }

    [Fact]
    public async Task Ping_prints_the_time_and_fails_with_a_sentence_when_no_broker_is_there()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var ping = fixture.Udsb(out var output, "ping", "--count", "2");
        Assert.Equal(0, await ping.WaitForExitAsync());
        Assert.All(await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken), line => Assert.Matches("^pong from udsbroker .* in [0-9]+ us$", line));

        var nobody = Path.Combine(fixture.Folder, "nobody.sock");
        var alone = fixture.Start("udsb", ["ping", "--socket", nobody]);
        Assert.Equal(1, await alone.WaitForExitAsync());
        Assert.Equal($"udsb: There is no socket at {nobody}. Is the broker started, with this path? (--socket or $UDSBROKER_SOCKET chooses another.)", alone.Errors);
    }

    [Theory]
    [InlineData("udsb", "pub")]
    [InlineData("udsb", "sub", "a", "--count", "none")]
    [InlineData("udsb", "fly")]
    [InlineData("udsbroker", "--set", "udsbroker.keep-alive.ping-interval=soon")]
    [InlineData("udsbroker", "--config", "/does/not/exist")]
    [InlineData("udsbroker", "--nonsense")]
    public async Task A_wrong_command_line_ends_with_2_and_says_why(string program, params string[] arguments)
    {
        await using var process = ChildProcess.Start(program, arguments, "/dev/null");

        Assert.Equal(2, await process.WaitForExitAsync());
        Assert.NotEqual("", process.Errors);
    }

    [Fact]
    public async Task A_wrong_value_is_one_line_and_where_to_read_more_and_the_help_only_where_no_command_is_named()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var wrong = fixture.Udsb(out var wrongOutput, "send", "not-an-id", "x");
        var none = fixture.Udsb(out var help, "acl");

        Assert.Equal(2, await wrong.WaitForExitAsync());
        Assert.Equal(
            ["udsb: id 'not-an-id' is not the identity of a connection, such as 0190163d-8694-739b-aea5-966c26f8ad91; udsb clients lists them", "udsb: udsb send --help says what it takes"],
            wrong.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("", (await File.ReadAllTextAsync(wrongOutput, TestContext.Current.CancellationToken)).Trim());
        Assert.Equal(2, await none.WaitForExitAsync());
        Assert.Contains("explain", await File.ReadAllTextAsync(help, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'a..b' has an empty token", "pub", "a..b", "x")]
    [InlineData("'a..b' has an empty token", "sub", "a..b")]
    [InlineData("'a.*' holds a wildcard", "wait", "a.*")]
    [InlineData("belongs to the broker", "sub", "a", "--will", "$SYS.stats=x")]
    public async Task A_subject_that_is_none_is_a_wrong_command_line(string complaint, params string[] arguments)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var process = fixture.Udsb(arguments);

        Assert.Equal(2, await process.WaitForExitAsync());
        Assert.StartsWith("udsb: ", process.Errors, StringComparison.Ordinal);
        Assert.Contains(complaint, process.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", process.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_broker_does_not_take_the_socket_of_a_live_one_but_of_a_killed_one()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var second = fixture.Start("udsbroker", ["--socket", fixture.Socket]);
        Assert.Equal(1, await second.WaitForExitAsync());
        Assert.Contains(fixture.Socket, second.Errors, StringComparison.Ordinal);
        Assert.Equal(0, await fixture.Udsb("ping").WaitForExitAsync());

        fixture.Broker.Signal("KILL");
        await fixture.Broker.WaitForExitAsync();
        Assert.True(File.Exists(fixture.Socket));
        await fixture.StartBrokerAsync();
        Assert.Equal(0, await fixture.Udsb("ping").WaitForExitAsync());
    }

    [Fact]
    public async Task A_healthy_broker_prints_its_start_line_and_nothing_else()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        Assert.Equal(0, await fixture.Udsb("pub", "a", "b").WaitForExitAsync());

        fixture.Broker.Signal("TERM");

        Assert.Equal(0, await fixture.Broker.WaitForExitAsync());
        Assert.Matches(@"^udsbroker \S+ listening on \S+ \(Akka\.NET \S+, \.NET 10\S+, pid \d+\)$", fixture.Broker.Errors);
    }
}
