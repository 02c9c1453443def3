using System.Net.Sockets;
using Akka.Actor;
using UdsBroker.Broker.Actors;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Streams;
using UdsBroker.Broker.Tests.Transport;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Streams;

/// <summary>When an outbox finds the kernel full, and when its writer is woken then.</summary>
public sealed class WriterTests : IAsyncLifetime
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly TestDirectory _directory = new();
    private readonly Socket _client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly TaskCompletionSource<string?> _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
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
    public void A_partial_send_means_a_full_kernel_without_a_second_try()
    {
        var socket = new OutboundSocket(_connection, new ConnectionEvents(ActorRefs.Nobody, _connection));

        Assert.Equal(SendOutcome.Sent, socket.TrySend([new byte[100], new byte[28]], out var sent));
        Assert.Equal(128, sent);
        Assert.Equal(SendOutcome.Full, socket.TrySend([new byte[28], new byte[1 << 20]], out sent));
        Assert.InRange(sent, 1, 1 << 20);
    }

    [Fact]
    public async Task A_writer_that_found_the_kernel_full_is_woken_on_the_polling_thread_when_the_socket_is_writable()
    {
        var signal = Connected();
        Fill();

        signal.Wake(isFull: true);
        Assert.False(_woken.Task.IsCompleted);
        var buffer = new byte[1 << 20];
        while (!_woken.Task.IsCompleted && _client.Available > 0) await _client.ReceiveAsync(buffer);

        Assert.StartsWith("sockets ", await _woken.Task.WaitAsync(Hang, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void A_writer_is_woken_at_once_when_the_kernel_is_not_full_or_the_socket_is_closed(bool isFull, bool isClosed)
    {
        var signal = Connected();
        Fill();
        if (isClosed) _connection.Dispose();

        signal.Wake(isFull);

        Assert.True(_woken.Task.IsCompleted);
    }

    private WriterSignal Connected()
    {
        var stage = new StageSignal();
        stage.Connect(() => _woken.TrySetResult(Thread.CurrentThread.Name));
        return new WriterSignal(_connection, stage);
    }

    private void Fill()
    {
        while (_connection.TrySend(new byte[1 << 16], out _) > 0)
        {
        }
    }
}
