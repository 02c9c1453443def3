namespace UdsBroker.EndToEnd.Tests;

/// <summary>Commands whose broker is not there yet, or goes and comes back.</summary>
public sealed class ComingBackTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_subscriber_that_is_to_reconnect_goes_on_with_the_next_broker_and_says_that_it_was_away()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var (subscriber, output) = await fixture.SubscriberAsync("a.>", "--lines", "--reconnect");
        Assert.Equal(0, await fixture.Udsb("pub", "a.b", "before").WaitForExitAsync());
        await OutputFile.LineAsync(output, line => line == "before");

        fixture.Broker.Signal("KILL");
        Assert.EndsWith("what is published until it is back is missed", await subscriber.WaitForErrorLineAsync("the connection is lost"), StringComparison.Ordinal);
        await fixture.StartBrokerAsync();
        await subscriber.WaitForErrorLineAsync("the connection is back");
        Assert.Equal(0, await fixture.Udsb("pub", "a.b", "after").WaitForExitAsync());
        await OutputFile.LineAsync(output, line => line == "after");

        subscriber.Signal("INT");
        Assert.Equal(3, await subscriber.WaitForExitAsync());
        Assert.Equal("before\nafter\n", await File.ReadAllTextAsync(output, Token));
    }

    [Fact]
    public async Task A_service_that_is_to_reconnect_answers_at_the_next_broker()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var server = fixture.Udsb("serve", "ask", "--payload", "answer", "--reconnect", "--verbose");
        await server.WaitForErrorLineAsync("serving ask");

        fixture.Broker.Signal("KILL");
        await server.WaitForErrorLineAsync("the connection is lost");
        await fixture.StartBrokerAsync();
        await server.WaitForErrorLineAsync("the connection is back");

        Assert.Equal(0, await fixture.Udsb(out var answer, "request", "ask", "x").WaitForExitAsync());
        Assert.Equal("answer", await File.ReadAllTextAsync(answer, Token));
        server.Signal("TERM");
        Assert.Equal(0, await server.WaitForExitAsync());
    }

    [Fact]
    public async Task A_command_that_is_to_wait_for_its_broker_is_done_when_that_is_there_and_says_why_not_when_the_time_is_up()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        fixture.Broker.Signal("KILL");
        await fixture.Broker.WaitForExitAsync();

        var hasty = fixture.Udsb("ping", "--wait", "150ms");
        Assert.Equal(1, await hasty.WaitForExitAsync());
        Assert.Contains($"Nobody listens at {fixture.Socket}", hasty.Errors, StringComparison.Ordinal);

        var patient = fixture.Udsb("pub", "a", "x", "--wait", "1h");
        await fixture.StartBrokerAsync();
        Assert.Equal((0, ""), (await patient.WaitForExitAsync(), patient.Errors));
    }

    [Fact]
    public async Task An_address_that_is_none_is_a_wrong_command_line_and_an_abstract_one_has_no_file()
    {
        foreach (var address in new[] { "", new string('x', 150) })
        {
            await using var wrong = ChildProcess.Start("udsb", ["ping", $"--socket={address}"], "/dev/null");
            Assert.Equal(2, await wrong.WaitForExitAsync());
        }

        await using var nobody = ChildProcess.Start("udsb", ["ping", "--socket", "@nobody-is-here"], "/dev/null");
        Assert.Equal(1, await nobody.WaitForExitAsync());
        Assert.Equal("udsb: Nobody listens at @nobody-is-here. Is the broker started, with this address?", nobody.Errors);
    }
}
