using System.Net.Sockets;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// Publishes to a dgram listener, without a session and without ever blocking the caller. What the kernel does not accept at once is
/// buffered, at most one datagram, and sent when there is room; what does not fit in is dropped and counted. While the broker is away,
/// messages are dropped, and connecting is tried again now and then.
/// </summary>
/// <remarks>Thread-safe. The lock is held during a send, which does not block.</remarks>
internal sealed class DatagramPublisher(SocketAddress address, UdsBrokerOptions options) : IDisposable
{
    /// <summary>
    /// The largest datagram that a listener takes unless its setting <c>max-packet</c> says otherwise; the broker cannot announce it.
    /// </summary>
    public const int MaxDatagram = 384 * 1024;

    private const int FirstCapacity = 16 * 1024;

    private readonly Lock _gate = new();
    private Socket? _socket;
    private byte[] _fill = new byte[FirstCapacity];
    private byte[] _spare = new byte[FirstCapacity];
    private int _length;
    private int _messages;
    private int _maxDatagram = MaxDatagram;
    private bool _isSending;
    private bool _isClosed;
    private long _dropped;
    private long? _lastTry;
    private TaskCompletionSource? _idle;

    /// <summary>Messages that this side has dropped.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Whether the socket is connected, as far as the last send could tell.</summary>
    public bool IsConnected => Volatile.Read(ref _socket) is not null;

    /// <summary>Connects the socket, if it is not.</summary>
    /// <exception cref="ConnectFailedException">Nobody is bound there, or the socket is not trusted.</exception>
    public void Connect()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(UdsBrokerClient));
            if (_socket is not null) return;
            _lastTry = options.Time.GetTimestamp();
            Socket socket = Dialer.DialDatagrams(address, options);
            _maxDatagram = SendBuffer.Reserve(socket, MaxDatagram);
            _socket = socket;
        }
    }

    /// <summary>Sends one message, buffers it, or drops it.</summary>
    /// <exception cref="UdsBrokerException">It is larger than a datagram can be.</exception>
    public void Publish(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        int size = payload.Length + FrameWriter.PublishOverhead(subject.Length, reply.IsEmpty ? -1 : reply.Length, headers.Length, payload.Length);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(UdsBrokerClient));
            if (size > _maxDatagram)
                throw new UdsBrokerException(ErrorCode.PayloadTooBig, $"The message has {size} bytes with all that belongs to it; a datagram takes at most {_maxDatagram}.");
            if (!TryConnect() || _length + size > _maxDatagram)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }

            if (_fill.Length - _length < size) Array.Resize(ref _fill, Math.Min(Math.Max(_length + size, 2 * _fill.Length), Math.Max(MaxDatagram, size)));
            _length += FrameWriter.WritePublish(_fill.AsSpan(_length), subject, reply, headers, payload);
            _messages++;
            if (!_isSending) Send();
        }
    }

    /// <summary>Completes when nothing is buffered.</summary>
    public Task WhenIdle()
    {
        lock (_gate)
        {
            if (!_isSending) return Task.CompletedTask;
            return (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _socket?.Dispose();
            _socket = null;
        }
    }

    private bool TryConnect()
    {
        if (_socket is not null) return true;
        if (_lastTry is { } last && options.Time.GetElapsedTime(last) < options.Reconnect.MinDelay) return false;
        try
        {
            Connect();
            return true;
        }
        catch (ConnectFailedException)
        {
            return false;
        }
    }

    /// <summary>Under the lock: sends what is buffered; what the kernel does not take now is sent when there is room.</summary>
    private void Send()
    {
        Socket socket = _socket!;
        socket.Send(_fill.AsSpan(0, _length), SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
        {
            _isSending = true;
            byte[] taken = _fill;
            (int length, int messages) = (_length, _messages);
            (_fill, _spare, _length, _messages) = (_spare, taken, 0, 0);
            _ = DoSendAsync(socket, taken.AsMemory(0, length), messages);
            return;
        }

        if (error != SocketError.Success) Drop(_messages);
        (_length, _messages) = (0, 0);
    }

    private async Task DoSendAsync(Socket socket, ReadOnlyMemory<byte> datagram, int messages)
    {
        bool isSent = false;
        try
        {
            await socket.SendAsync(datagram, SocketFlags.None).ConfigureAwait(false);
            isSent = true;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The broker is gone, or this client is closed.
        }

        lock (_gate)
        {
            _isSending = false;
            if (!isSent || _socket is null)
            {
                Drop((isSent ? 0 : messages) + _messages);
                (_length, _messages) = (0, 0);
            }

            if (_length > 0) Send();
            if (_isSending) return;
            _idle?.TrySetResult();
            _idle = null;
        }
    }

    private void Drop(int messages)
    {
        Interlocked.Add(ref _dropped, messages);
        _socket?.Dispose();
        _socket = null;
    }
}
