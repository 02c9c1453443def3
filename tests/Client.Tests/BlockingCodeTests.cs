using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>Application code may block anywhere: the connection goes on, and so do its other users.</summary>
public class BlockingCodeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_handler_that_blocks_for_ever_stops_neither_pongs_nor_subscriptions_nor_requests()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        using ManualResetEventSlim release = new(), isBlocked = new();
        Task<Service> serving = client.ServeAsync("blocks", (request, _) => Block(request), cancellationToken: Token).AsTask();
        uint sid = (await peer.AcceptSubscriptionAsync()).Sid;
        await serving;
        Subscription other = await SubscribeTests.SubscribeAsync(client, peer, "other");
        await peer.SendAsync(Wire.Deliver(sid, Wire.Publish("blocks", "1", "_INBOX.x.1")));
        isBlocked.Wait(Patience, Token);

        await peer.SendAsync(Wire.Ping(77));
        Assert.Equal(77UL, (await ExpectAsync(peer, FrameKind.Pong)).Token);
        await peer.SendAsync(Wire.Deliver(other.Sid, Wire.Publish("other", "here")));
        Assert.Equal(["here"], await Text.ReadAsync(other, 1));
        Task<Message> asking = client.RequestAsync("a", default, timeout: Patience, cancellationToken: Token).AsTask();
        SentFrame request = await ExpectAsync(peer, FrameKind.Publish);
        await peer.SendAsync(Wire.Deliver([0], Wire.SomeSender, Wire.Publish(request.Reply!, "answer")));
        Assert.Equal("answer", Text.Of(await asking.WaitAsync(Patience, Token)));

        release.Set();
        SentFrame answer = await ExpectAsync(peer, FrameKind.Publish);
        Assert.Equal(("_INBOX.x.1", "1"), (answer.Subject, answer.Payload));
        await client.DisposeAsync();
        peer.Dispose();

        ValueTask<ReadOnlyMemory<byte>> Block(Message message)
        {
            isBlocked.Set();
            release.Wait(Patience, Token);
            return ValueTask.FromResult(message.Payload);
        }
    }

    [Fact]
    public async Task Code_after_a_request_may_block_on_other_requests()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient server = broker.NewClient(), client = broker.NewClient();
        await using Service service = await server.ServeAsync("echo", (request, _) => ValueTask.FromResult(request.Payload), cancellationToken: Token);
        for (int round = 0; round < 5; round++) Assert.Equal("second", await AskTwiceAsync());

        async Task<string> AskTwiceAsync()
        {
            await client.RequestAsync("echo", Text.Bytes("first"), timeout: Patience, cancellationToken: Token).ConfigureAwait(false);
            Task<Message> second = client.RequestAsync("echo", Text.Bytes("second"), timeout: Patience, cancellationToken: Token).AsTask();
            return second.Wait(Patience, Token) ? Text.Of(await second.ConfigureAwait(false)) : "nothing";
        }
    }

    [Fact]
    public async Task All_callers_go_on_although_some_of_them_block()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient server = broker.NewClient(), client = broker.NewClient();
        await using Service service = await server.ServeAsync("echo", (request, _) => ValueTask.FromResult(request.Payload), cancellationToken: Token);
        await client.ConnectAsync(Token);
        using ManualResetEventSlim release = new();
        Task<int>[] callers = [.. Enumerable.Range(0, 40).Select(i => AskAsync(i))];
        int[] answered = await Task.WhenAll(callers.Where((_, i) => i % 20 != 0)).WaitAsync(Patience, Token);
        Assert.Equal(Enumerable.Range(0, 40).Where(i => i % 20 != 0), answered);
        release.Set();
        Assert.Equal(0, await callers[0].WaitAsync(Patience, Token));

        async Task<int> AskAsync(int i)
        {
            for (int round = 0; round < 50; round++)
            {
                Message answer = await client.RequestAsync("echo", Text.Bytes($"{i}"), timeout: Patience, cancellationToken: Token).ConfigureAwait(false);
                Assert.Equal($"{i}", Text.Of(answer));
                if (i % 20 == 0 && round == 10) release.Wait(Patience, Token);
            }

            return i;
        }
    }

    [Fact]
    public async Task What_code_publishes_before_it_blocks_is_sent_nevertheless()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        using ManualResetEventSlim release = new();
        Task asking = AskAsync();
        SentFrame request = await peer.ExpectAsync(FrameKind.Publish);
        await peer.SendAsync(Wire.Deliver([0], Wire.SomeSender, Wire.Publish(request.Reply!, "answer")));
        Assert.Equal("before", (await peer.ExpectAsync(FrameKind.Publish)).Payload);
        Assert.False(asking.IsCompleted);
        release.Set();
        Assert.Equal("after", (await peer.ExpectAsync(FrameKind.Publish)).Payload);
        await asking.WaitAsync(Patience, Token);
        await client.DisposeAsync();
        peer.Dispose();

        async Task AskAsync()
        {
            await client.RequestAsync("a", default, timeout: Patience, cancellationToken: Token).ConfigureAwait(false);
            await client.PublishAsync("b", Text.Bytes("before"), cancellationToken: Token);
            release.Wait(Patience, Token);
            await client.PublishAsync("b", Text.Bytes("after"), cancellationToken: Token);
        }
    }

    /// <summary>The next frame of this kind; credit and fences of others in between do not matter.</summary>
    private static async Task<SentFrame> ExpectAsync(FakePeer peer, FrameKind kind)
    {
        while (true)
        {
            SentFrame? frame = await peer.ReadAsync();
            Assert.NotNull(frame);
            if (frame.Kind == kind) return frame;
        }
    }
}
