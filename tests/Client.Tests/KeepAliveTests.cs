using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

public class KeepAliveTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broker_that_falls_silent_is_asked_and_then_left_as_stale()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { PingInterval = TimeSpan.FromMilliseconds(20), MaxPingsOut = 2 });
        TaskCompletionSource<DisconnectedEvent> ended = new();
        client.Disconnected += e => ended.TrySetResult(e);
        await peer.ExpectAsync(FrameKind.Ping);
        await peer.ExpectAsync(FrameKind.Ping);
        DisconnectedEvent end = await ended.Task.WaitAsync(Patience, Token);
        Assert.Equal((CloseReason.Stale, true), (end.Reason, end.WillReconnect));
        Assert.Contains("silent", end.Message, StringComparison.Ordinal);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_broker_that_answers_is_kept()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { PingInterval = TimeSpan.FromMilliseconds(20), MaxPingsOut = 1000 });
        for (int i = 0; i < 5; i++) await peer.AnswerFenceAsync(new Receipt(0, 0, 0));
        Assert.True(client.IsConnected);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task The_receipts_of_keep_alive_pings_are_not_lost_to_the_next_flush()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { PingInterval = TimeSpan.FromMilliseconds(100), MaxPingsOut = 1000 });
        await client.PublishAsync("a", default, cancellationToken: Token);
        SentFrame? sent = await peer.ReadAsync();
        for (; sent is { Kind: FrameKind.Ping }; sent = await peer.ReadAsync()) await peer.SendAsync(Wire.Pong(sent.Token, default(Receipt)));
        Assert.Equal(FrameKind.Publish, sent!.Kind);
        await peer.AnswerFenceAsync(new Receipt(1, 2, 1));
        Task<Receipt> flushing = client.FlushAsync(Token).AsTask();
        while (!flushing.IsCompleted) await peer.AnswerFenceAsync(new Receipt(0, 0, 0));

        Assert.Equal(new Receipt(1, 2, 1), await flushing);
        await client.DisposeAsync();
    }
}
