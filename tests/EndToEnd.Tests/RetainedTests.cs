using System.Diagnostics;
using System.Text;
using System.Text.Json;
using UdsBroker.Client;
using UdsBroker.Protocol;

namespace UdsBroker.EndToEnd.Tests;

/// <summary>Retained, expiring and delayed messages as a shell and a program see them.</summary>
public sealed class RetainedTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_prints_what_is_retained_and_leaves()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await RunAsync(fixture, 0, "pub", "plant.pump.state", "running", "--retain");
        await RunAsync(fixture, 0, "pub", "plant.valve.state", "open", "--retain", "--header", "k=v");
        await RunAsync(fixture, 0, "pub", "plant.pump.state", "not kept");

        Assert.Equal("running\nopen\n", await RunAsync(fixture, 0, "get", "plant.>", "--lines"));
        using var json = JsonDocument.Parse(await RunAsync(fixture, 0, "get", "plant.valve.*", "--json"));
        Assert.True(json.RootElement.GetProperty("retained").GetBoolean());
        Assert.Equal("v", json.RootElement.GetProperty("headers").GetProperty("k").GetString());

        await RunAsync(fixture, 0, "pub", "plant.pump.state", "", "--retain");
        Assert.Equal("open", await RunAsync(fixture, 0, "get", "plant.>"));
        Assert.Equal("", await RunAsync(fixture, 4, "get", "plant.pump.state"));
    }

    [Fact]
    public async Task A_subscriber_begins_with_what_is_retained_unless_it_wants_none()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await RunAsync(fixture, 0, "pub", "state", "old", "--retain");
        var (all, allOutput) = await fixture.SubscriberAsync("state", "--lines", "--count", "2");
        var (live, liveOutput) = await fixture.SubscriberAsync("state", "--lines", "--count", "1", "--no-retained");
        await RunAsync(fixture, 0, "pub", "state", "new", "--retain");

        Assert.Equal(0, await all.WaitForExitAsync());
        Assert.Equal(0, await live.WaitForExitAsync());
        Assert.Equal("old\nnew\n", await File.ReadAllTextAsync(allOutput, Token));
        Assert.Equal("new\n", await File.ReadAllTextAsync(liveOutput, Token));
    }

    [Fact]
    public async Task What_cannot_be_kept_fails_with_the_reason()
    {
        await using var fixture = await BrokerFixture.StartAsync(
            "--set", "udsbroker.retained.max-messages=1", "--set", "udsbroker.delayed.max-messages=0", "--set", "udsbroker.delayed.max-delay=10s");
        await RunAsync(fixture, 0, "pub", "a", "1", "--retain");
        Assert.Contains("at most 1", await FailAsync(fixture, "pub", "b", "2", "--retain"), StringComparison.Ordinal);
        Assert.Contains("delayed messages", await FailAsync(fixture, "pub", "b", "2", "--delay", "1s"), StringComparison.Ordinal);
        Assert.Contains("at most 10000", await FailAsync(fixture, "pub", "b", "2", "--delay", "1m"), StringComparison.Ordinal);
        Assert.Equal("1", await RunAsync(fixture, 0, "get", ">"));
    }

    [Fact]
    public async Task A_delayed_message_comes_in_its_time_though_its_publisher_has_left()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var (subscriber, output) = await fixture.SubscriberAsync("later", "--json", "--count", "1");
        var start = Stopwatch.GetTimestamp();
        await RunAsync(fixture, 0, "pub", "later", "now", "--delay", "600ms");

        Assert.Equal(0, await subscriber.WaitForExitAsync());
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(600));
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(output, Token));
        Assert.Equal("now", json.RootElement.GetProperty("payload").GetString());
        Assert.Equal("600", json.RootElement.GetProperty("headers").GetProperty(KnownHeaders.Delay).GetString());
    }

    [Fact]
    public async Task A_client_retains_delays_lets_expire_and_is_told_by_receipt_and_gap()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await using var publisher = fixture.Client();
        await using var reader = fixture.Client();
        await using var slow = await reader.SubscribeAsync("news", new SubscriptionOptions { Credit = 1, Overflow = OverflowPolicy.DropOldest }, Token);
        await publisher.PublishAsync("news", "first"u8.ToArray(), cancellationToken: Token);
        await publisher.PublishAsync("news", "stale"u8.ToArray(), new PublishOptions { Expires = TimeSpan.Zero }, Token);
        await publisher.PublishAsync("news", "last"u8.ToArray(), new PublishOptions { Expires = TimeSpan.FromHours(1), Retain = true }, Token);
        await publisher.PublishAsync("news", "later"u8.ToArray(), new PublishOptions { Delay = TimeSpan.FromMilliseconds(100) }, Token);
        var receipt = await publisher.FlushAsync(Token);
        Assert.Equal(4ul, receipt.Published);

        Assert.Equal("first", Text(await slow.ReadAsync(Token)));
        var last = await slow.ReadAsync(Token);
        Assert.Equal(("last", 1ul, false), (Text(last), last.MissedBefore, last.IsRetained));
        Assert.Equal("later", Text(await slow.ReadAsync(Token)));
        Assert.Equal((1ul, 1ul), (slow.MissedCount, slow.ExpiredCount));
        receipt += await publisher.FlushAsync(Token);
        Assert.Equal(new Receipt(4, 4, 1, 1), receipt);
    }

    [Fact]
    public async Task Everything_that_is_retained_can_be_read_whatever_the_readers_credit_is()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await using var client = fixture.Client();
        const int Values = 3000;
        for (var i = 0; i < Values; i++) await client.PublishAsync($"values.{i}", new byte[1000], PublishOptions.Retained, Token);
        await client.FlushAsync(Token);
        var next = 0;
        await foreach (var message in client.GetRetainedAsync("values.*", Token))
        {
            Assert.Equal(($"values.{next++}", true), (message.Subject, message.IsRetained));
            if (next == 10) await client.PublishAsync("values.live", "not asked for"u8.ToArray(), cancellationToken: Token);
        }

        Assert.Equal(Values, next);
        await client.ClearRetainedAsync("values.0", Token);
        await client.FlushAsync(Token);
        await foreach (var message in client.GetRetainedAsync("values.0", Token)) Assert.Fail($"{message.Subject} is still there");
        Assert.Null(client.LastError);
    }

    private static string Text(Message message) => Encoding.UTF8.GetString(message.Payload.Span);

    private static async Task<string> RunAsync(BrokerFixture fixture, int exitCode, params string[] arguments)
    {
        var process = fixture.Udsb(out var output, arguments);
        var code = await process.WaitForExitAsync();
        Assert.True(exitCode == code, $"{string.Join(' ', arguments)} ended with {code}: {process.Errors}");
        return await File.ReadAllTextAsync(output, Token);
    }

    private static async Task<string> FailAsync(BrokerFixture fixture, params string[] arguments)
    {
        var process = fixture.Udsb(arguments);
        Assert.Equal(1, await process.WaitForExitAsync());
        return process.Errors;
    }
}
