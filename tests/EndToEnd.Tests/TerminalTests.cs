namespace UdsBroker.EndToEnd.Tests;

/// <summary>What others send reaches a terminal as text and steers nothing. script(1) makes the terminal.</summary>
public sealed class TerminalTests
{
    private const string Script = "/usr/bin/script";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Subjects_and_payloads_of_messages_and_answers_are_shown_without_their_control_characters()
    {
        Assert.SkipUnless(File.Exists(Script), "script(1) is not installed");
        await using var fixture = await BrokerFixture.StartAsync();
        await using var client = fixture.Client();
        await client.ServeAsync("ask", (_, _) => ValueTask.FromResult<ReadOnlyMemory<byte>>("an\u001b[31manswer\n"u8.ToArray()), cancellationToken: Token);
        Assert.Equal(0, await fixture.Udsb("pub", "a.\u009b31m", "red\u001b[31m", "--retain").WaitForExitAsync());

        Assert.Equal("a.\\u009b31m  (retained)  [Udsb-Retain=1]  red\\u001b[31m\r\n", await OnTerminalAsync(fixture, "get 'a.>'"));
        Assert.Equal("an\\u001b[31manswer\r\n\r\n", await OnTerminalAsync(fixture, "request ask x"));
    }

    private static async Task<string> OnTerminalAsync(BrokerFixture fixture, string command)
    {
        var udsb = Path.Combine(AppContext.BaseDirectory, "udsb");
        var output = fixture.NextOutput();
        var process = fixture.Add(ChildProcess.StartAs([], Script, ["--quiet", "--return", "--command", $"{udsb} {command} --socket {fixture.Socket}", "/dev/null"], output));
        Assert.Equal(0, await process.WaitForExitAsync());
        return (await File.ReadAllTextAsync(output, Token)).Replace("\u001b[?1h\u001b=", "", StringComparison.Ordinal);
    }
}
