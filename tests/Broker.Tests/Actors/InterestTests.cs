using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>Interest in a subject: a watcher is told the state at once, and each change between nobody and somebody.</summary>
public sealed class InterestTests
{
    [Fact]
    public async Task A_watcher_is_told_at_once_and_then_with_each_change_between_nobody_and_somebody()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var asker = await broker.ConnectAsync();
        using var other = await broker.ConnectAsync();

        await asker.SubscribeAsync(1, "$SYS.interest.jobs.new");
        Assert.Equal("$SYS.interest.jobs.new {\"subscribers\":0}", await NextAsync(asker));

        await other.SubscribeAsync(1, "jobs.>");
        Assert.Equal("$SYS.interest.jobs.new {\"subscribers\":1}", await NextAsync(asker));

        await other.SubscribeAsync(2, "jobs.new");
        await other.SendAsync(output => FrameWriter.Write(output, new UnsubscribeCommand(1, null)));
        await other.SendAsync(output => FrameWriter.Write(output, new UnsubscribeCommand(2, null)));
        Assert.Equal("$SYS.interest.jobs.new {\"subscribers\":0}", await NextAsync(asker));
    }

    [Fact]
    public async Task The_state_is_told_before_the_fence_after_the_subscribe()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var other = await broker.ConnectAsync();
        await other.SubscribeAsync(1, "*.new");
        await other.FenceAsync();
        using var asker = await broker.ConnectAsync();
        await asker.SubscribeAsync(1, "$SYS.interest.jobs.new");
        await asker.SendAsync(output => FrameWriter.Write(output, new PingCommand(5)));

        Assert.Equal("$SYS.interest.jobs.new {\"subscribers\":1}", await NextAsync(asker));
        await asker.ExpectAsync(FrameKind.Pong);
    }

    [Fact]
    public async Task The_death_of_the_last_subscriber_is_announced()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var asker = await broker.ConnectAsync();
        var other = await broker.ConnectAsync();
        await other.SubscribeAsync(1, "jobs");
        await other.FenceAsync();
        await asker.SubscribeAsync(1, "$SYS.interest.jobs");
        Assert.Equal("$SYS.interest.jobs {\"subscribers\":1}", await NextAsync(asker));

        other.Dispose();

        Assert.Equal("$SYS.interest.jobs {\"subscribers\":0}", await NextAsync(asker));
    }

    [Theory]
    [InlineData("$SYS.interest.>")]
    [InlineData("$SYS.interest.*.new")]
    public async Task Interest_is_asked_for_one_subject_without_wildcards(string pattern)
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var asker = await broker.ConnectAsync();

        await asker.SubscribeAsync(1, pattern);

        Assert.Equal(ErrorCode.BadPattern, (await asker.ExpectErrorAsync()).Code);
    }

    private static async Task<string> NextAsync(RawClient client)
    {
        var message = Assert.Single(await client.ReceiveAsync());
        Assert.Equal(Guid.Empty, message.Sender);
        return $"{message.Subject} {message.Payload}";
    }
}
