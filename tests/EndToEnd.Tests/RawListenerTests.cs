namespace UdsBroker.EndToEnd.Tests;

/// <summary>The raw listeners as the clients of the small servers knew them, socat and nothing of ours; and what our own client says of them.</summary>
public sealed class RawListenerTests
{
    [Fact]
    public async Task Socat_gets_its_bytes_back_from_echo_and_the_connections_uuid_from_identity()
    {
        Socat.Need();
        await using var fixture = await BrokerFixture.StartAsync();
        var (echo, identity) = await ListenAsync(fixture);

        Assert.Equal("hello, broker", await Socat.AskAsync(fixture, $"UNIX-CONNECT:{echo}", "hello, broker", answerLength: 13));
        var answer = await Socat.AskAsync(fixture, $"UNIX-CONNECT:{identity}", "who am I?", answerLength: 72);
        Assert.Equal(7, Guid.Parse(answer[..36]).Version);
        Assert.Equal(answer[..36] + answer[..36], answer);
    }

    [Fact]
    public async Task Udsb_says_what_it_found_there_instead_of_a_broker()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var (echo, identity) = await ListenAsync(fixture);

        Assert.Contains($"{echo} does not speak udsb: it sends back what it is sent", await PingAsync(fixture, echo), StringComparison.Ordinal);
        Assert.Contains($"{identity} does not speak udsb: it sends an identity as text", await PingAsync(fixture, identity), StringComparison.Ordinal);
    }

    private static async Task<(string Echo, string Identity)> ListenAsync(BrokerFixture fixture)
    {
        var (echo, identity) = (Path.Combine(fixture.Folder, "echo.sock"), Path.Combine(fixture.Folder, "identity.sock"));
        var broker = fixture.Start(
            "udsbroker",
            ["--set", "udsbroker.listeners.main.enabled=off", "--set", $"udsbroker.listeners.echo.path={echo}", "--set", "udsbroker.listeners.echo.protocol=echo",
             "--set", $"udsbroker.listeners.identity.path={identity}", "--set", "udsbroker.listeners.identity.protocol=identity"]);
        await broker.WaitForErrorLineAsync("listening on");
        return (echo, identity);
    }

    private static async Task<string> PingAsync(BrokerFixture fixture, string socket)
    {
        var ping = fixture.Start("udsb", ["ping", "--socket", socket]);
        Assert.Equal(1, await ping.WaitForExitAsync());
        return ping.Errors;
    }
}
