using System.Net.Sockets;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>Bytes over an accepted connection: in place, waiting, in part, to a peer that is gone, after our own close.</summary>
public sealed class UnixConnectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private ConnectedPair _pair = null!;

    private Socket Client => _pair.Client;

    private UnixConnection Connection => _pair.Connection;

    public async ValueTask InitializeAsync() => _pair = await ConnectedPair.OpenAsync(SocketType.Stream, TestSettings.File);

    public ValueTask DisposeAsync()
    {
        _pair.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Segments_arrive_in_order_as_one_stream()
    {
        List<ArraySegment<byte>> segments = ["ab"u8.ToArray(), "c"u8.ToArray(), "def"u8.ToArray()];

        var sent = Connection.TrySend(segments, out var error);

        Assert.Equal((6, SocketError.Success), (sent, error));
        Assert.Equal("abcdef"u8.ToArray(), await ReadAsync(6));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_kernel_does_not_take_is_counted_and_can_be_sent_later(bool gathered)
    {
        var data = Pattern(1 << 20);
        List<ArraySegment<byte>> halves = [new(data, 0, data.Length / 2), new(data, data.Length / 2, data.Length / 2)];

        var sent = gathered
            ? Connection.TrySend(halves, out var error)
            : Connection.TrySend(data, out error);

        Assert.True(error is SocketError.Success or SocketError.WouldBlock);
        Assert.InRange(sent, 1, data.Length - 1);
        var read = ReadAsync(data.Length);
        await Connection.SendAsync(data.AsMemory(sent));
        Assert.Equal(data, await read);
    }

    [Fact]
    public void With_the_kernel_full_nothing_is_sent_and_nothing_thrown()
    {
        var data = new byte[1 << 20];
        SocketError error;
        do
            _ = Connection.TrySend(data, out error);
        while (error == SocketError.Success);

        while (Connection.TrySend(data, out error) > 0)
        {
        }

        Assert.Equal(SocketError.WouldBlock, error);
        Assert.Equal(0, Connection.TrySend([data], out error));
        Assert.Equal(SocketError.WouldBlock, error);
    }

    [Fact]
    public async Task A_wait_ends_with_what_can_be_received_and_consumes_none_of_it()
    {
        var wait = Connection.ReadableAsync();
        Assert.Equal(0, Connection.TryReceive(new byte[4], out var state));
        Assert.Equal(ReceiveState.Empty, state);
        await Client.SendAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);

        await wait;

        var buffer = new byte[4];
        Assert.Equal(1, Connection.TryReceive(buffer, out _));
        Assert.Equal((byte)'x', buffer[0]);
    }

    [Fact]
    public async Task A_wait_that_comes_after_the_bytes_ends_too_and_each_wait_once()
    {
        await Client.SendAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++) await Connection.ReadableAsync();
        var news = 0;
        Assert.True(Connection.UntilReadable(() => Interlocked.Increment(ref news)));
        await Connection.WritableAsync();
        await Client.SendAsync("y"u8.ToArray(), TestContext.Current.CancellationToken);
        await Connection.ReadableAsync();
        Assert.InRange(Volatile.Read(ref news), 0, 1);
    }

    [Fact]
    public async Task Two_waits_at_the_same_time_each_get_their_own_event()
    {
        var data = new byte[1 << 20];
        var queued = 0;
        while (Connection.TrySend(data, out _) is var sent and > 0) queued += sent;

        var readable = Connection.ReadableAsync();
        var writable = Connection.WritableAsync();
        await Client.SendAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
        await readable;
        Assert.False(writable.IsCompleted);

        await ReadAsync(queued);
        await writable;
        Assert.NotEqual(0, Connection.TrySend(data, out _));
    }

    [Fact]
    public async Task The_end_of_the_peer_ends_a_wait()
    {
        var wait = Connection.ReadableAsync();
        Client.Dispose();
        await wait;
        Assert.Equal(0, Connection.TryReceive(new byte[1], out var state));
        Assert.Equal(ReceiveState.Ended, state);
    }

    [Fact]
    public async Task Half_close_still_receives()
    {
        Connection.ShutdownSend();
        Assert.Equal(0, await Client.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));

        await Client.SendAsync("last"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal(4, await Connection.ReceiveAsync(new byte[8]));
    }

    [Fact]
    public void A_send_to_a_peer_that_closed_says_so()
    {
        Client.Dispose();

        var sent = Connection.TrySend("x"u8, out var error);

        Assert.Equal(0, sent);
        Assert.Equal(SocketOutcome.PeerGone, SocketOutcomes.Of(error));
        Connection.ShutdownSend();
    }

    [Fact]
    public async Task A_peer_that_closes_without_reading_is_gone()
    {
        _ = Connection.TrySend("unread"u8, out _);
        Client.Dispose();

        Assert.Equal(0, await Connection.ReceiveAsync(new byte[8]));
        Assert.Equal(0, Connection.TrySend("x"u8, out var error));
        Assert.Equal(SocketOutcome.PeerGone, SocketOutcomes.Of(error));
    }

    [Fact]
    public async Task Our_own_close_ends_the_waits_and_everything_later()
    {
        var wait = Connection.ReadableAsync();

        Connection.Dispose();
        Connection.Dispose();

        await wait;
        Assert.Equal(0, Connection.TryReceive(new byte[1], out var state));
        Assert.Equal(ReceiveState.Ended, state);
        Assert.Equal(0, Connection.TrySend("x"u8, out var error));
        Assert.Equal(SocketOutcome.Closed, SocketOutcomes.Of(error));
        Assert.Equal(0, Connection.TrySend([new byte[1]], out error));
        Assert.Equal(SocketOutcome.Closed, SocketOutcomes.Of(error));
        Assert.False(Connection.UntilReadable(() => { }));
        Assert.False(Connection.UntilWritable(() => { }));
        Connection.ShutdownSend();
    }

    [Fact]
    public void Sending_in_place_allocates_nothing()
    {
        var buffer = new byte[64];
        List<ArraySegment<byte>> segments = [new(buffer), new(buffer), new(buffer)];
        var sink = new byte[1024];
        Round();
        Round();

        Assert.Equal(0, Allocation.Least(4, _ =>
        {
            for (var i = 0; i < 250; i++) Round();
        }));

        void Round()
        {
            _ = Connection.TrySend(segments, out _);
            _ = Connection.TrySend(buffer, out _);
            _ = Client.Receive(sink);
        }
    }

    [Theory]
    [InlineData(SocketError.Shutdown, SocketOutcome.PeerGone)]
    [InlineData(SocketError.ConnectionReset, SocketOutcome.PeerGone)]
    [InlineData(SocketError.OperationAborted, SocketOutcome.Closed)]
    [InlineData(SocketError.NoBufferSpaceAvailable, SocketOutcome.Fault)]
    [InlineData(SocketError.MessageSize, SocketOutcome.Fault)]
    public void Each_error_has_one_meaning(SocketError error, SocketOutcome outcome)
    {
        Assert.Equal(outcome, SocketOutcomes.Of(error));
        Assert.Equal(outcome, SocketOutcomes.Of(new SocketException((int)error)));
    }

    private static byte[] Pattern(int length)
    {
        var data = new byte[length];
        for (var i = 0; i < length; i++)
            data[i] = (byte)(i * 31 >> 3);
        return data;
    }

    private async Task<byte[]> ReadAsync(int length)
    {
        var data = new byte[length];
        for (var at = 0; at < length;)
        {
            var read = await Client.ReceiveAsync(data.AsMemory(at), TestContext.Current.CancellationToken)
                .AsTask().WaitAsync(Hang, TestContext.Current.CancellationToken);
            Assert.NotEqual(0, read);
            at += read;
        }

        return data;
    }
}
