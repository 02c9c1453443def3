namespace UdsBroker.EndToEnd.Tests;

/// <summary>What is wrong with a subject whether or not a broker is there, and what only the broker can say.</summary>
public sealed class WrongSubjectTests
{
    [Theory]
    [InlineData("pub", "a..b", "x")]
    [InlineData("sub", "a..b")]
    public async Task A_wrong_subject_is_a_wrong_command_line_without_a_broker_too(params string[] arguments)
    {
        await using var process = ChildProcess.Start("udsb", [.. arguments, "--socket", "/does/not/exist.sock"], "/dev/null");

        Assert.Equal(2, await process.WaitForExitAsync());
        Assert.StartsWith("udsb: 'a..b' has an empty token; write one dot between tokens and none at the ends\n", process.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_long_a_subject_may_be_is_what_the_broker_says()
    {
        await using var fixture = await BrokerFixture.StartAsync("--set=udsbroker.limits.max-subject=300B");
        var allowed = new string('a', 300);
        var subscriber = await fixture.SubscriberAsync(allowed, "--count", "1");
        var tooLong = fixture.Udsb("pub", allowed + "a", "x");

        Assert.Equal(0, await fixture.Udsb("pub", allowed, "came").WaitForExitAsync());
        Assert.Equal(0, await subscriber.Process.WaitForExitAsync());
        Assert.Equal("came", await File.ReadAllTextAsync(subscriber.OutputFile, TestContext.Current.CancellationToken));
        Assert.Equal(0, await fixture.Udsb("acl", "explain", "--uid", "0", allowed).WaitForExitAsync());
        Assert.Equal(2, await tooLong.WaitForExitAsync());
        Assert.Contains("has 301 bytes; at most 300 are allowed", tooLong.Errors, StringComparison.Ordinal);
    }
}
