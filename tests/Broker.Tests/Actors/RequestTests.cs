using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>Requests through the actor tree: an asker that will get no answer is told at once, however the responder ended.</summary>
public sealed class RequestTests
{
    [Fact]
    public async Task A_request_without_responders_and_a_message_to_a_gone_identity_get_their_errors_before_the_fence()
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var asker = await broker.ConnectAsync();
        var gone = await broker.ConnectAsync();
        await EndAsync(broker, gone);

        await asker.SendAsync(Request(asker, "nobody.there", 1));
        await asker.PublishAsync($"_INBOX.{gone.Id}.direct", "hello?");

        AssertError(ErrorCode.NoResponders, "nobody.there", $"_INBOX.{asker.Id}.1", await asker.ExpectErrorAsync());
        AssertError(ErrorCode.GoneIdentity, $"_INBOX.{gone.Id}.direct", null, await asker.ExpectErrorAsync());
        Assert.Equal(new Receipt(2, 0, 0), await asker.FenceAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_end_of_the_responder_is_told_to_the_asker_at_once(bool saysGoodbye)
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var asker = await broker.ConnectAsync();
        var responder = await broker.ConnectAsync();
        await responder.SubscribeAsync(1, "work", new SubscribeOptions { Queue = "q" });
        await responder.FenceAsync();
        await asker.SendAsync(Core.Frames.Join(Request(asker, "work", 1), Request(asker, "work", 2)));
        Assert.Equal(2, (await responder.ReceiveAsync()).Count);
        await responder.PublishAsync($"_INBOX.{asker.Id}.1", "done");
        Assert.Equal("done", Assert.Single(await asker.ReceiveAsync()).Payload);

        if (saysGoodbye) await responder.SendAsync(output => FrameWriter.Write(output, new GoodbyeCommand(CloseReason.ClientClosed, "")));
        else responder.Dispose();

        AssertError(ErrorCode.ResponderGone, "work", $"_INBOX.{asker.Id}.2", await asker.ExpectErrorAsync());
        await asker.FenceAsync();
        responder.Dispose();
    }

    [Theory]
    [InlineData("unsubscribes")]
    [InlineData("says goodbye")]
    [InlineData("dies")]
    public async Task A_request_that_a_member_has_not_begun_goes_to_the_next_when_it(string ends)
    {
        await using var broker = await BrokerInProcess.StartAsync();
        using var asker = await broker.ConnectAsync();
        var leaves = await broker.ConnectAsync();
        await leaves.SubscribeAsync(1, "work", new SubscribeOptions { Queue = "q", Credit = 0 });
        await leaves.FenceAsync();
        await asker.SendAsync(Core.Frames.Join(Request(asker, "work", 1), Request(asker, "work", 2), Core.Frames.Ping(1)));
        await asker.ExpectAsync(FrameKind.Pong);
        using var stays = await broker.ConnectAsync();
        await stays.SubscribeAsync(1, "work", new SubscribeOptions { Queue = "q" });
        await stays.FenceAsync();

        if (ends == "unsubscribes") await leaves.SendAsync(output => FrameWriter.Write(output, new UnsubscribeCommand(1, null)));
        else if (ends == "says goodbye") await leaves.SendAsync(output => FrameWriter.Write(output, new GoodbyeCommand(CloseReason.ClientClosed, "")));
        else leaves.Dispose();

        Assert.Equal(2, (await stays.ReceiveAsync()).Count);
        await stays.PublishAsync($"_INBOX.{asker.Id}.2", "done");
        Assert.Equal("done", Assert.Single(await asker.ReceiveAsync()).Payload);
        leaves.Dispose();
        stays.Dispose();
        AssertError(ErrorCode.ResponderGone, "work", $"_INBOX.{asker.Id}.1", await asker.ExpectErrorAsync());
        Assert.Equal(new Receipt(0, 0, 0), await asker.FenceAsync());
    }

    [Fact]
    public async Task Without_memory_for_requests_nobody_is_told_and_everything_else_works()
    {
        await using var broker = await BrokerInProcess.StartAsync("udsbroker.requests.max-open=0");
        using var asker = await broker.ConnectAsync();
        var responder = await broker.ConnectAsync();
        await responder.SubscribeAsync(1, "work");
        await responder.FenceAsync();
        await asker.SendAsync(Request(asker, "work", 1));
        await responder.ReceiveAsync();
        await EndAsync(broker, responder);

        await asker.FenceAsync();
    }

    private static async Task EndAsync(BrokerInProcess broker, RawClient client)
    {
        var actor = await broker.FindAsync($"connections/{client.Id}");
        client.Dispose();
        await Akka.Actor.GracefulStopSupport.GracefulStop(actor, BrokerInProcess.Patience);
    }

    private static byte[] Request(RawClient asker, string subject, int number) => Core.Frames.Publish(subject, "?"u8.ToArray(), $"_INBOX.{asker.Id}.{number}");

    private static void AssertError(ErrorCode code, string subject, string? reply, ErrorCommand error) =>
        Assert.Equal((code, subject, reply), (error.Code, error.Context!["subject"], error.Context.GetValueOrDefault("reply")));
}
