using System.Text.Json;
using UdsBroker.Client;

namespace UdsBroker.EndToEnd.Tests;

/// <summary>Headers from one program to another: the trace context and odd ones, through the library, forwarded, and through the command line.</summary>
public sealed class HeaderTests
{
    private const string TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static readonly Dictionary<string, string> Odd = new()
    {
        ["traceparent"] = TraceParent,
        ["tracestate"] = "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
        [""] = "no name",
        ["no value"] = "",
        ["Traceparent"] = "another name, since case matters",
        ["Ключ 🗝"] = "значение \u0001\n\t\"quoted\" = ; , \u2028",
        ["long"] = new string('ü', 4000),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Headers_pass_untouched_and_can_be_forwarded_as_they_came()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await using var publisher = fixture.Client();
        await using var relay = fixture.Client();
        await using var first = await relay.SubscribeAsync("first", cancellationToken: Token);
        await using var second = await publisher.SubscribeAsync("second", cancellationToken: Token);

        await publisher.PublishAsync("first", "payload"u8.ToArray(), Odd, cancellationToken: Token);
        var came = await first.ReadAsync(Token);
        await relay.PublishAsync("second", came.Payload, came.Headers, cancellationToken: Token);
        var forwarded = await second.ReadAsync(Token);

        Assert.Equal(Odd.OrderBy(header => header.Key, StringComparer.Ordinal), came.Headers.OrderBy(header => header.Key, StringComparer.Ordinal));
        Assert.Equal(came.Headers, forwarded.Headers);
        Assert.Equal(TraceParent, forwarded.Headers["traceparent"]);
    }

    [Fact]
    public async Task As_many_headers_as_allowed_pass_and_one_more_is_refused_before_it_is_sent()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await using var client = fixture.Client();
        await using var subscription = await client.SubscribeAsync("a", cancellationToken: Token);
        var headers = Enumerable.Range(0, 64).ToDictionary(number => $"name {number}", number => $"value {number}");

        await client.PublishAsync("a", default, headers, cancellationToken: Token);
        Assert.Equal(headers, (await subscription.ReadAsync(Token)).Headers);
        headers["one more"] = "";
        var refused = await Assert.ThrowsAsync<UdsBrokerException>(async () => await client.PublishAsync("a", default, headers, cancellationToken: Token));
        Assert.Contains("65 headers", refused.Message, StringComparison.Ordinal);
        Assert.True(client.IsConnected);
    }

    [Fact]
    public async Task Udsb_writes_headers_and_shows_them()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var json = await fixture.SubscriberAsync("a", "--json", "--count", "1");

        Assert.Equal(0, await fixture.Udsb("pub", "a", "x", "-H", $"traceparent={TraceParent}", "-H", "k=a=b", "-H", "empty=").WaitForExitAsync());

        Assert.Equal(0, await json.Process.WaitForExitAsync());
        using var message = JsonDocument.Parse(await File.ReadAllTextAsync(json.OutputFile, Token));
        var headers = message.RootElement.GetProperty("headers").EnumerateObject().Select(header => (header.Name, header.Value.GetString()));
        Assert.Equal([("traceparent", TraceParent), ("k", "a=b"), ("empty", "")], headers);
    }
}
