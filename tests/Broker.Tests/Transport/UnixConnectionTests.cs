using System.Net.Sockets;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>Bytes over an accepted connection: in place, waiting, in part, to a peer that is gone, after our own close.</summary>
public sealed class UnixConnectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    private readonly TestDirectory _directory = new();
    private readonly Socket _client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private UnixConnection _connection = null!;

    public async ValueTask InitializeAsync()
    {
        using var listener = UnixListener.Open(_directory["broker.sock"], TestSettings.File);
        await _client.ConnectAsync(listener.Path.ToEndPoint());
        _connection = (await listener.AcceptAsync())!;
    }

    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        _client.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Segments_arrive_in_order_as_one_stream()
    {
        List<ArraySegment<byte>> segments = ["ab"u8.ToArray(), "c"u8.ToArray(), "def"u8.ToArray()];

        var sent = _connection.TrySend(segments, out var error);

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
            ? _connection.TrySend(halves, out var error)
            : _connection.TrySend(data, out error);

        Assert.True(error is SocketError.Success or SocketError.WouldBlock);
        Assert.InRange(sent, 1, data.Length - 1);
        var read = ReadAsync(data.Length);
        await _connection.SendAsync(data.AsMemory(sent));
        Assert.Equal(data, await read);
    }

    [Fact]
    public void With_the_kernel_full_nothing_is_sent_and_nothing_thrown()
    {
        var data = new byte[1 << 20];
        SocketError error;
        do
            _ = _connection.TrySend(data, out error);
        while (error == SocketError.Success);

        while (_connection.TrySend(data, out error) > 0)
        {
        }

        Assert.Equal(SocketError.WouldBlock, error);
        Assert.Equal(0, _connection.TrySend([data], out error));
        Assert.Equal(SocketError.WouldBlock, error);
    }

    [Fact]
    public async Task A_wait_ends_with_what_can_be_received_and_consumes_none_of_it()
    {
        var wait = _connection.ReadableAsync();
        Assert.Equal(0, _connection.TryReceive(new byte[4], out var state));
        Assert.Equal(ReceiveState.Empty, state);
        await _client.SendAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);

        await wait;

        var buffer = new byte[4];
        Assert.Equal(1, _connection.TryReceive(buffer, out _));
        Assert.Equal((byte)'x', buffer[0]);
    }

    [Fact]
    public async Task A_wait_that_comes_after_the_bytes_ends_too_and_each_wait_once()
    {
        await _client.SendAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++) await _connection.ReadableAsync();
        var news = 0;
        Assert.True(_connection.UntilReadable(() => Interlocked.Increment(ref news)));
        await _connection.WritableAsync();
        await _client.SendAsync("y"u8.ToArray(), TestContext.Current.CancellationToken);
        await _connection.ReadableAsync();
        Assert.InRange(Volatile.Read(ref news), 0, 1);
    }

    [Fact]
    public async Task Both_waits_at_the_same_time_each_have_their_own_news()
    {
        var data = new byte[1 << 20];
        var queued = 0;
        while (_connection.TrySend(data, out _) is var sent and > 0) queued += sent;

        var readable = _connection.ReadableAsync();
        var writable = _connection.WritableAsync();
        await _client.SendAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
        await readable;
        Assert.False(writable.IsCompleted);

        await ReadAsync(queued);
        await writable;
        Assert.NotEqual(0, _connection.TrySend(data, out _));
    }

    [Fact]
    public async Task The_end_of_the_peer_ends_a_wait()
    {
        var wait = _connection.ReadableAsync();
        _client.Dispose();
        await wait;
        Assert.Equal(0, _connection.TryReceive(new byte[1], out var state));
        Assert.Equal(ReceiveState.Ended, state);
    }

    [Fact]
    public async Task Half_close_still_receives()
    {
        _connection.ShutdownSend();
        Assert.Equal(0, await _client.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));

        await _client.SendAsync("last"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal(4, await _connection.ReceiveAsync(new byte[8]));
    }

    [Fact]
    public void A_send_to_a_peer_that_closed_says_so()
    {
        _client.Dispose();

        var sent = _connection.TrySend("x"u8, out var error);

        Assert.Equal(0, sent);
        Assert.Equal(SocketOutcome.PeerGone, SocketOutcomes.Of(error));
        _connection.ShutdownSend();
    }

    [Fact]
    public async Task A_peer_that_closes_without_reading_is_gone()
    {
        _ = _connection.TrySend("unread"u8, out _);
        _client.Dispose();

        Assert.Equal(0, await _connection.ReceiveAsync(new byte[8]));
        Assert.Equal(0, _connection.TrySend("x"u8, out var error));
        Assert.Equal(SocketOutcome.PeerGone, SocketOutcomes.Of(error));
    }

    [Fact]
    public async Task Our_own_close_ends_the_waits_and_everything_later()
    {
        var wait = _connection.ReadableAsync();

        _connection.Dispose();
        _connection.Dispose();

        await wait;
        Assert.Equal(0, _connection.TryReceive(new byte[1], out var state));
        Assert.Equal(ReceiveState.Ended, state);
        Assert.Equal(0, _connection.TrySend("x"u8, out var error));
        Assert.Equal(SocketOutcome.Closed, SocketOutcomes.Of(error));
        Assert.Equal(0, _connection.TrySend([new byte[1]], out error));
        Assert.Equal(SocketOutcome.Closed, SocketOutcomes.Of(error));
        Assert.False(_connection.UntilReadable(() => { }));
        Assert.False(_connection.UntilWritable(() => { }));
        _connection.ShutdownSend();
    }

    [Fact]
    public void Sending_in_place_allocates_nothing()
    {
        var buffer = new byte[64];
        List<ArraySegment<byte>> segments = [new(buffer), new(buffer), new(buffer)];
        var sink = new byte[1024];
        Round();
        Round();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Round();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round()
        {
            _ = _connection.TrySend(segments, out _);
            _ = _connection.TrySend(buffer, out _);
            _ = _client.Receive(sink);
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
            var read = await _client.ReceiveAsync(data.AsMemory(at), TestContext.Current.CancellationToken)
                .AsTask().WaitAsync(Hang, TestContext.Current.CancellationToken);
            Assert.NotEqual(0, read);
            at += read;
        }

        return data;
    }
}
