using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>Credit while the connection is lost and the subscriptions are made again.</summary>
public class ReconnectCreditTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Credit_for_what_is_read_while_the_client_subscribes_again_is_not_lost()
    {
        const int Others = 1000, Rounds = 100;
        Random random = new(1);
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, "a", new SubscriptionOptions { Credit = 1 });
        Task<Subscription>[] others = [.. Enumerable.Range(0, Others).Select(_ => client.SubscribeAsync("b", cancellationToken: Token).AsTask())]; // to write them takes a while
        foreach (Task<Subscription> _ in others) await peer.AcceptSubscriptionAsync();
        await Task.WhenAll(others);
        for (int round = 0; round < Rounds; round++)
        {
            await peer.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a", $"{round}")));
            Assert.Equal($"{round}", Text.Of(await subscription.ReadAsync(Token)));
            peer.Dispose();
            peer = await broker.WelcomeAsync();
            Thread.SpinWait(random.Next(100_000));
            Task<bool> waiting = subscription.WaitToReadAsync(Token).AsTask(); // to ask for the next says that the last was read
            ulong credit = (await peer.ExpectAsync(FrameKind.Subscribe)).Subscribe.Options.Credit!.Value;
            for (int i = 0; i < Others; i++) await peer.ExpectAsync(FrameKind.Subscribe);
            ulong opening = (await peer.ExpectAsync(FrameKind.Ping)).Token;
            await peer.SendAsync(Wire.Pong(opening));
            Task<Receipt> flush = client.FlushAsync(Token).AsTask();
            SentFrame frame;
            while ((frame = (await peer.ReadAsync())!).Kind == FrameKind.Credit) credit += frame.Credit.Count;
            await peer.SendAsync(Wire.Pong(frame.Token));
            await flush;
            Assert.Equal(1ul, credit);
            await peer.SendAsync(Wire.Deliver(subscription.Sid, Wire.Publish("a", "x")));
            Assert.True(await waiting);
            Assert.Equal("x", Text.Of(await subscription.ReadAsync(Token)));
            Assert.False(subscription.TryRead(out _)); // so that this one counts as read, too
            Assert.Equal(1ul, (await peer.ExpectAsync(FrameKind.Credit)).Credit.Count);
        }

        peer.Dispose();
        await client.DisposeAsync();
    }
}
