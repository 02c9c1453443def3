using System.Text;

namespace UdsBroker.Client.Tests;

public class BatchTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_shows_the_messages_where_they_were_received()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, ">");
        await peer.SendAsync(
            Wire.Deliver(subscription.Sid, Wire.Publish("a", "1", "r", new() { ["k"] = "v", ["l"] = "w" }), Wire.Publish("a", "2")),
            Wire.Missed(subscription.Sid, 9),
            Wire.Deliver([subscription.Sid], Guid.Empty, Wire.Publish("b", "3")),
            Wire.Ping(1));
        await peer.ExpectAsync(Protocol.FrameKind.Pong);

        using MessageBatch batch = await subscription.ReadBatchAsync(Token);
        Assert.Equal(3, batch.Count);
        for (int walk = 0; walk < 2; walk++)
        {
            List<string> seen = [];
            foreach (MessageView view in batch)
            {
                string headers = "";
                Protocol.HeaderEnumerator each = view.Headers;
                while (each.MoveNext()) headers += $" {Encoding.UTF8.GetString(each.Name)}={Encoding.UTF8.GetString(each.Value)}";
                string k = view.TryGetHeader("l"u8, out ReadOnlySpan<byte> value) ? Encoding.UTF8.GetString(value) : "-";
                seen.Add($"{view.SubjectText} {Encoding.UTF8.GetString(view.Payload)} {Encoding.UTF8.GetString(view.Reply)} {view.HasReply} {view.Sender == Wire.SomeSender} {view.MissedBefore} {k}{headers}");
            }

            Assert.Equal(["a 1 r True True 0 w k=v l=w", "a 2  False True 0 -", "b 3  False False 9 -"], seen);
        }

        await client.DisposeAsync();
    }

    [Fact]
    public async Task One_by_one_and_in_batches_can_be_mixed()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, ">");
        await peer.SendAsync(Wire.Deliver(subscription.Sid, Enumerable.Range(0, 10).Select(i => Wire.Publish("a", $"{i}")).ToArray()), Wire.Ping(1));
        await peer.ExpectAsync(Protocol.FrameKind.Pong);
        Assert.Equal(["0", "1", "2"], await Text.ReadAsync(subscription, 3));
        List<string> seen = [];
        Message kept = default;
        Assert.True(subscription.TryReadBatch(out MessageBatch batch));
        foreach (MessageView view in batch)
        {
            if (seen.Count == 0) kept = view.ToMessage();
            seen.Add(Encoding.UTF8.GetString(view.Payload));
        }

        Assert.Equal(["3", "4", "5", "6", "7", "8", "9"], seen);
        Assert.Throws<InvalidOperationException>(() => subscription.TryRead(out _));
        Assert.Throws<InvalidOperationException>(() => subscription.TryReadBatch(out _));
        batch.Dispose();
        batch.Dispose();
        Assert.Throws<ObjectDisposedException>(() => batch.GetEnumerator());
        await peer.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a", "10")));
        Assert.Equal("10", Text.Of(await subscription.ReadAsync(Token)));
        Assert.Equal("3", Text.Of(kept));
        await subscription.UnsubscribeAsync(cancellationToken: Token);
        using MessageBatch none = await subscription.ReadBatchAsync(Token);
        Assert.Equal(0, none.Count);
        foreach (MessageView _ in none) Assert.Fail("a batch of none has no message");
        await client.DisposeAsync();
    }

    [Fact]
    public async Task After_disposing_nothing_is_read_that_was_taken_before()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, "a");
        await peer.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a", "1"), Wire.Publish("a", "2")));
        Assert.Equal("1", Text.Of(await subscription.ReadAsync(FakeBroker.Token)));

        await subscription.DisposeAsync();

        Assert.False(subscription.TryRead(out _));
        Assert.False(subscription.TryReadBatch(out _));
        Assert.False(await subscription.WaitToReadAsync(FakeBroker.Token));
        await client.DisposeAsync();
    }
}
