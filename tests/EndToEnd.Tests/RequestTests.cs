using System.Text;
using System.Text.Json;
using UdsBroker.Client;
using UdsBroker.Protocol;

namespace UdsBroker.EndToEnd.Tests;

/// <summary>Requests between real processes: answers, errors, and that an asker that will get no answer is told at once.</summary>
public sealed class RequestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_responder_that_is_killed_with_a_request_makes_its_asker_fail_at_once_by_a_typed_exception()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var holder = await fixture.SubscriberAsync("work", "--queue", "workers");
        await using var client = fixture.Client();
        var asking = client.RequestAsync("work", "a job"u8.ToArray(), timeout: TimeSpan.FromMinutes(10), cancellationToken: Token).AsTask();
        var asker = fixture.Udsb("request", "work", "another job", "--timeout", "10m");
        await OutputFile.UntilAsync(holder.OutputFile, text => text is "a jobanother job" or "another joba job");

        holder.Process.Signal("KILL");

        var gone = await Assert.ThrowsAsync<ResponderGoneException>(() => asking.WaitAsync(ChildProcess.Patience, Token));
        Assert.Equal(("work", ErrorCode.ResponderGone), (gone.Subject, gone.Code));
        Assert.Equal(1, await asker.WaitForExitAsync());
        Assert.Contains("ended without an answer", asker.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_waits_for_a_killed_member_is_answered_by_the_next()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var stuck = await fixture.SubscriberAsync("work", "--queue", "workers", "--credit", "1");
        await using var client = fixture.Client();
        var held = client.RequestAsync("work", "held"u8.ToArray(), timeout: TimeSpan.FromMinutes(10), cancellationToken: Token).AsTask();
        await OutputFile.UntilAsync(stuck.OutputFile, text => text == "held");
        stuck.Process.Signal("STOP");
        var waiting = Enumerable.Range(0, 5)
            .Select(i => client.RequestAsync("work", Encoding.UTF8.GetBytes($"{i}"), timeout: TimeSpan.FromMinutes(10), cancellationToken: Token).AsTask()).ToArray();
        await client.FlushAsync(Token);
        await using var service = await client.ServeAsync("work", (request, _) => ValueTask.FromResult(request.Payload), new ServiceOptions { Queue = "workers" }, Token);

        stuck.Process.Signal("KILL");

        var answers = await Task.WhenAll(waiting.Select(OutcomeAsync));
        Assert.Equal("gone", await OutcomeAsync(held));
        Assert.InRange(answers.Count(answer => answer == "gone"), 0, 1); // one may have been on its way already
        Assert.All(answers, (answer, i) => Assert.True(answer == $"{i}" || answer == "gone", answer));
    }

    [Fact]
    public async Task Nobody_there_is_an_exit_code_and_a_sentence_at_once()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var asker = fixture.Udsb("request", "nobody.there", "--timeout", "10m");
        Assert.Equal(1, await asker.WaitForExitAsync());
        Assert.Contains("reached nobody", asker.Errors, StringComparison.Ordinal);

        var many = fixture.Udsb("request", "nobody.there", "--many", "--timeout", "10m");
        Assert.Equal(1, await many.WaitForExitAsync());
        Assert.Contains("nobody answered", many.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_answers_with_the_request_a_text_or_what_a_command_makes_of_it()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var (echo, text) = (await ServeAsync(fixture, "echo"), await ServeAsync(fixture, "text", "--payload", "fixed"));
        var command = await ServeAsync(fixture, "count.*", "--", "sh", "-c", "printf '%s ' \"$UDSB_SUBJECT\"; wc -c");

        Assert.Equal("hello", await AskAsync(fixture, "echo", "hello"));
        Assert.Equal("fixed", await AskAsync(fixture, "text", "hello"));
        Assert.Equal("count.bytes 5\n", await AskAsync(fixture, "count.bytes", "hello"));
        var json = JsonDocument.Parse(await AskAsync(fixture, "echo", "héllo", "--json", "--header", "k=v")).RootElement;
        Assert.Equal("héllo", json.GetProperty("payload").GetString());
        Assert.NotEqual(Guid.Empty, json.GetProperty("sender").GetGuid());
        foreach (var server in new[] { echo, text, command })
        {
            server.Signal("INT");
            Assert.Equal(0, await server.WaitForExitAsync());
        }
    }

    [Fact]
    public async Task A_command_that_fails_is_an_error_at_the_asker_with_its_exit_code()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var server = await ServeAsync(fixture, "fail", "--count", "2", "--", "sh", "-c", "echo 'no such thing' >&2; exit 42");
        await using var client = fixture.Client();
        var error = await Assert.ThrowsAsync<ServiceException>(() => client.RequestAsync("fail", default, timeout: ChildProcess.Patience, cancellationToken: Token).AsTask());
        Assert.Equal((42, "no such thing"), (error.ServiceCode, error.Message));

        var asker = fixture.Udsb("request", "fail");
        Assert.Equal(1, await asker.WaitForExitAsync());
        Assert.Equal("udsb: no such thing", asker.Errors);
        Assert.Equal(0, await server.WaitForExitAsync());
    }

    [Fact]
    public async Task Many_answers_are_gathered_until_there_are_enough()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await using var client = fixture.Client();
        for (var i = 0; i < 3; i++)
        {
            var name = $"{i}";
            await client.ServeAsync(
                "who", (_, _) => ValueTask.FromResult<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes(name)), new ServiceOptions { Queue = null }, Token);
        }

        var asker = fixture.Udsb(out var output, "request", "who", "--many", "--count", "3", "--timeout", "1m");
        Assert.Equal(0, await asker.WaitForExitAsync());
        Assert.Equal(["0", "1", "2"], (await File.ReadAllLinesAsync(output, Token)).Order());
    }

    [Fact]
    public async Task The_error_of_one_of_many_is_said_and_is_no_answer()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await using var client = fixture.Client();
        var each = new ServiceOptions { Queue = null };
        await client.ServeAsync("who", (_, _) => ValueTask.FromResult<ReadOnlyMemory<byte>>("one"u8.ToArray()), each, Token);
        foreach (var subject in new[] { "who", "broken" }) await client.ServeAsync(subject, (_, _) => throw new ServiceException(3, "oops"), each, Token);

        var asker = fixture.Udsb(out var output, "request", "who", "--many", "--count", "2", "--timeout", "1m");
        var refused = fixture.Udsb(out var nothing, "request", "broken", "--many", "--count", "1", "--timeout", "1m");

        Assert.Equal((0, $"udsb: {client.Id}: oops"), (await asker.WaitForExitAsync(), asker.Errors));
        Assert.Equal("one\n", await File.ReadAllTextAsync(output, Token));
        Assert.Equal((1, $"udsb: {client.Id}: oops"), (await refused.WaitForExitAsync(), refused.Errors));
        Assert.Equal("", await File.ReadAllTextAsync(nothing, Token));
    }

    [Fact]
    public async Task A_command_that_cannot_be_started_is_told_without_the_folder_of_the_service()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await ServeAsync(fixture, "work", "--", "/no/such/program");
        var asker = fixture.Udsb("request", "work", "x", "--timeout", "1m");

        Assert.Equal((1, "udsb: /no/such/program cannot be started: No such file or directory"), (await asker.WaitForExitAsync(), asker.Errors));
    }

    [Fact]
    public async Task A_direct_message_reaches_the_inbox_it_is_for_and_one_to_somebody_gone_fails()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var inbox = fixture.Udsb(out var output, "inbox", "--count", "1");
        var id = (await inbox.WaitForErrorLineAsync("this is ")).Split(' ')[^1];
        Assert.Equal(0, await fixture.Udsb("send", id, "for you").WaitForExitAsync());
        Assert.Equal(0, await inbox.WaitForExitAsync());
        Assert.Equal("for you\n", await File.ReadAllTextAsync(output, Token));

        var late = fixture.Udsb("send", id, "too late");
        Assert.Equal(1, await late.WaitForExitAsync());
        Assert.Contains("no connection", late.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_members_of_a_queue_group_share_the_messages_between_them()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        string[] member = ["work", "--queue", "q", "--lines", "--count", "3"];
        var members = new[] { await fixture.SubscriberAsync(member), await fixture.SubscriberAsync(member) };
        var publisher = fixture.Udsb("pub", "work", "-", "--lines", "--receipt");
        await publisher.Input.WriteAsync("1\n2\n3\n4\n5\n6\n"u8.ToArray(), Token);
        publisher.CloseInput();
        Assert.Equal(0, await publisher.WaitForExitAsync());
        Assert.Equal("published 6, matched 6, dropped 0", publisher.Errors);

        var lines = new List<string>();
        foreach (var (process, file) in members)
        {
            Assert.Equal(0, await process.WaitForExitAsync());
            lines.AddRange(await File.ReadAllLinesAsync(file, Token));
        }

        Assert.Equal(["1", "2", "3", "4", "5", "6"], lines.Order());
    }

    private static async Task<string> OutcomeAsync(Task<Message> request)
    {
        try
        {
            return Encoding.UTF8.GetString((await request.WaitAsync(ChildProcess.Patience, Token)).Payload.Span);
        }
        catch (ResponderGoneException)
        {
            return "gone";
        }
    }

    private static async Task<ChildProcess> ServeAsync(BrokerFixture fixture, string subject, params string[] arguments)
    {
        var at = Array.IndexOf(arguments, "--");
        string[] options = at < 0 ? arguments : arguments[..at], command = at < 0 ? [] : arguments[at..];
        var server = fixture.Start("udsb", ["serve", subject, "--verbose", "--socket", fixture.Socket, .. options, .. command]);
        await server.WaitForErrorLineAsync("serving");
        return server;
    }

    private static async Task<string> AskAsync(BrokerFixture fixture, string subject, string payload, params string[] options)
    {
        var asker = fixture.Udsb(out var output, ["request", subject, payload, "--timeout", "1m", .. options]);
        Assert.Equal(0, await asker.WaitForExitAsync());
        return await File.ReadAllTextAsync(output, Token);
    }
}
