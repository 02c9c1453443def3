using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>Options that are wrong, whatever the broker.</summary>
public class SubscriptionOptionsTests
{
    public static TheoryData<SubscriptionOptions, string> Wrong => new()
    {
        { new() { Queue = "" }, "1 to 255 bytes" },
        { new() { Queue = new string('é', 128) }, "has 256" },
        { new() { BrokerPendingBytes = 0 }, "BrokerPendingBytes" },
        { new() { Credit = -1 }, "Credit" },
        { new() { MaxMessages = 0 }, "MaxMessages" },
        { new() { PendingBytes = 1023 }, "PendingBytes" },
        { new() { Overflow = (OverflowPolicy)5 }, "OverflowPolicy has no such value" },
        { new() { WhenFull = (SlowReaderPolicy)3 }, "SlowReaderPolicy has no such value" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_no_broker_would_take_is_a_wrong_argument_before_anything_is_sent(SubscriptionOptions options, string complaint)
    {
        await using UdsBrokerClient client = new(new UdsBrokerOptions { Path = "/nowhere/at-all.sock" });

        ArgumentException error = await Assert.ThrowsAnyAsync<ArgumentException>(async () => await client.SubscribeAsync("a", options, FakeBroker.Token));

        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
    }
}
