using System.Diagnostics;
using System.Globalization;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.EndToEnd.Tests;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>C14: SIGTERM while somebody does not read. It gets the grace period and no more, unless a second signal cuts that short.</summary>
public sealed class TerminatedTests
{
    private const int Messages = 2000;

    [Fact]
    public async Task A_subscriber_that_does_not_read_holds_a_terminated_broker_for_the_grace_period_and_the_others_get_everything()
    {
        var campaign = Campaign.Begin("terminated broker", inCi: 1, whenLong: 5);
        await using var fixture = await BrokerFixture.StartAsync("--set", $"udsbroker.shutdown.grace-period={campaign.Rounds}s");
        using var deaf = RawClient.Open(fixture.Socket);
        using var reader = RawClient.Open(fixture.Socket);
        await LeaveUnreadAsync(fixture, deaf, reader);

        var clock = Stopwatch.StartNew();
        fixture.Broker.Signal("TERM");
        var (read, goodbye) = await reader.ReceiveToGoodbyeAsync();
        var code = await fixture.Broker.WaitForExitAsync();
        var elapsed = clock.Elapsed;

        Assert.Equal(0, code);
        Assert.False(File.Exists(fixture.Socket));
        Assert.Equal(CloseReason.BrokerShutdown, goodbye.Reason);
        Assert.Equal(Enumerable.Range(0, Messages).Select(Payload), read.Select(message => message.Payload));
        Assert.InRange(elapsed, TimeSpan.FromSeconds(campaign.Rounds), Wait.Patience); // who does not read was given its time
        Assert.True(await IsPrefixAsync(deaf), "what the kernel holds for the deaf one is the beginning of all, in order");
        campaign.Say($"beside a deaf subscriber, at a grace period of {campaign.Rounds} s, gone after {elapsed.TotalSeconds:f2} s with exit 0; the other read all of {Messages}");
    }

    [Fact]
    public async Task A_second_signal_ends_the_broker_at_once_whoever_does_not_read()
    {
        await using var fixture = await BrokerFixture.StartAsync("--set", "udsbroker.shutdown.grace-period=10m");
        using var deaf = RawClient.Open(fixture.Socket);
        using var reader = RawClient.Open(fixture.Socket);
        await LeaveUnreadAsync(fixture, deaf, reader);

        fixture.Broker.Signal("TERM");
        Assert.Equal(CloseReason.BrokerShutdown, (await reader.ReceiveToGoodbyeAsync()).Goodbye.Reason);
        await fixture.Broker.AssertRunsAsync();
        var exit = fixture.Broker.WaitForExitAsync();
        // What comes within 200 ms of the first is an echo of it.
        while (!exit.IsCompleted)
        {
            fixture.Broker.Signal("TERM");
            await Task.WhenAny(exit, Task.Delay(50, Campaign.Cancelled));
        }

        Assert.Equal(128 + 15, await exit);
    }

    // Both are subscribed to all of the messages, which are more than the kernel takes for one that does not read.
    private static async Task LeaveUnreadAsync(BrokerFixture fixture, RawClient deaf, RawClient reader)
    {
        foreach (var client in new[] { deaf, reader })
        {
            await client.GreetAsync();
            await client.SubscribeAsync(1, "n", new SubscribeOptions { Overflow = OverflowPolicy.DropOldest });
            await client.FenceAsync();
        }

        using var publisher = RawClient.Open(fixture.Socket);
        await publisher.GreetAsync();
        for (var i = 0; i < Messages; i++) await publisher.PublishAsync("n", Payload(i));
        Assert.Equal(new Receipt(Messages, 2 * Messages, 0), await publisher.FenceAsync());
    }

    private static async Task<bool> IsPrefixAsync(RawClient deaf)
    {
        var next = 0;
        while (await deaf.NextFrameAsync() is { } frame)
        {
            FrameScanner.Scan(frame, Limits.Ceiling, out var head);
            if (head.Kind != FrameKind.Publish) continue;
            if (!frame.AsSpan().SequenceEqual(Frames.Publish("n", Payload(next++)))) return false;
        }

        return next is > 0 and < Messages;
    }

    private static string Payload(int number) => number.ToString("d8", CultureInfo.InvariantCulture) + new string('x', 1000);
}
