using System.Net.Sockets;

namespace UdsBroker.Client;

/// <summary>
/// The write side of one connection: sends what an <see cref="OutboundBuffer"/> holds, one write at a time, on any thread, without
/// blocking. A publisher that finds the socket idle after a pause sends itself, which saves a thread switch for a lone message. A publisher
/// in a loop leaves the sending to the thread pool and goes on filling the buffer, which makes one write of many messages. What is written
/// on the connection's reading thread, by the client or by user code that runs there, is sent together at the end of its turn. The reading
/// thread also sends what was left to the thread pool and has not been started there, so that a PONG leaves even when all threads of the
/// pool are blocked.
/// </summary>
internal sealed class SocketSender : IThreadPoolWorkItem
{
    /// <summary>
    /// A publisher that comes again within this time is in a loop. 20 us is several times the cost of a hand-over or of a small write.
    /// </summary>
    private static readonly long LoopPause = TimeSpan.FromMicroseconds(20).Ticks * System.Diagnostics.Stopwatch.Frequency / TimeSpan.TicksPerSecond;

    /// <summary>The most writes on a publisher's thread, which should not spend its time sending what others publish.</summary>
    private const int MaxWritesByPublisher = 1;

    /// <summary>The most writes on the reading thread, which should not depend on the thread pool.</summary>
    private const int MaxWritesByReader = 8;

    private readonly Socket _socket;
    private readonly OutboundBuffer _buffer;
    private readonly Action<SocketException> _onFailed;
    private readonly Action _onSent;
    private System.Runtime.CompilerServices.ValueTaskAwaiter<int> _sending;
    private ReadOnlyMemory<byte> _rest;
    private long _lastKick;
    private int _isLeftToPool;

    /// <param name="socket">The socket to send to.</param>
    /// <param name="buffer">The frames to send.</param>
    /// <param name="onFailed">Called once when the socket takes no more.</param>
    public SocketSender(Socket socket, OutboundBuffer buffer, Action<SocketException> onFailed)
    {
        (_socket, _buffer, _onFailed) = (socket, buffer, onFailed);
        _onSent = OnSent;
    }

    /// <summary>The most bytes of one packet; on a stream everything goes in one write. Set before the first <see cref="Kick"/>.</summary>
    public int MaxPacket { get; set; } = int.MaxValue;

    /// <summary>Starts sending; called once by the thread that appended to an idle buffer.</summary>
    /// <param name="isAwaited">Whether the caller will wait for an answer, so that nothing is gained by collecting more first.</param>
    public void Kick(bool isAwaited = false)
    {
        if (Continuations.TryDeferSend(this)) return;
        long now = System.Diagnostics.Stopwatch.GetTimestamp();
        bool isInLoop = now - Interlocked.Exchange(ref _lastKick, now) < LoopPause;
        if (isInLoop && !isAwaited) LeaveToPool();
        else Send(MaxWritesByPublisher);
    }

    /// <summary>Sends, on the reading thread.</summary>
    public void SendHere() => Send(MaxWritesByReader);

    /// <summary>On the reading thread: sends what was left to the thread pool, if that has not begun to.</summary>
    public void SendLeft()
    {
        if (Volatile.Read(ref _isLeftToPool) == 1 && Interlocked.Exchange(ref _isLeftToPool, 0) == 1) Send(MaxWritesByReader);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (Interlocked.Exchange(ref _isLeftToPool, 0) == 1) Send(int.MaxValue);
    }

    private void LeaveToPool()
    {
        Volatile.Write(ref _isLeftToPool, 1);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Sends until nothing is left, or with a limited number of writes, leaving the rest to the thread pool.</summary>
    private void Send(int max)
    {
        try
        {
            while (TryNext(out ReadOnlyMemory<byte> bytes))
            {
#pragma warning disable CA2012 // Consumed exactly once: below when complete, else in OnSent. A state machine here would cost an allocation per pending write.
                _sending = _socket.SendAsync(bytes, SocketFlags.None).GetAwaiter();
#pragma warning restore CA2012
                if (!_sending.IsCompleted)
                {
                    _sending.UnsafeOnCompleted(_onSent);
                    return;
                }

                _sending.GetResult();
                if (--max > 0) continue;
                if (!_rest.IsEmpty || !_buffer.TryEndTurn(this)) LeaveToPool();
                return;
            }
        }
        catch (SocketException error)
        {
            _onFailed(error);
        }
        catch (ObjectDisposedException)
        {
            _onFailed(new SocketException((int)SocketError.OperationAborted));
        }
    }

    private bool TryNext(out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (_rest.IsEmpty && !_buffer.TryTake(this, out _rest)) return false;
        int length = PacketCut.Length(_rest.Span, MaxPacket);
        (bytes, _rest) = (_rest[..length], _rest[length..]);
        return true;
    }

    private void OnSent()
    {
        try
        {
            _sending.GetResult();
        }
        catch (SocketException error)
        {
            _onFailed(error);
            return;
        }
        catch (ObjectDisposedException)
        {
            _onFailed(new SocketException((int)SocketError.OperationAborted));
            return;
        }

        Send(int.MaxValue);
    }
}
