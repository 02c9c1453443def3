using System.Net.Sockets;

namespace UdsBroker.Client;

/// <summary>
/// The write side of one connection: sends what an <see cref="OutboundBuffer"/> holds, one write at a time, whoever's thread it is on. Nobody waits in
/// it: the publisher that finds the socket idle after a pause sends by itself, which saves a thread switch for a lone message; a publisher in a
/// loop leaves it to the thread pool and goes on filling, which makes one write of many messages; and what is written on the reading thread of the
/// connection, by the client or by code that runs there, leaves together when that is done. The reading thread also sends what was left to a
/// thread pool that does not come to it, so that a PONG leaves even when all threads of the pool are blocked.
/// </summary>
internal sealed class SocketSender : IThreadPoolWorkItem
{
    /// <summary>A publisher that came by within this time is in a loop. 20 us is several times the cost of handing over, and of a small write.</summary>
    private static readonly long LoopPause = TimeSpan.FromMicroseconds(20).Ticks * System.Diagnostics.Stopwatch.Frequency / TimeSpan.TicksPerSecond;

    /// <summary>A publisher has something better to do than to send what others write.</summary>
    private const int MostByPublisher = 1;

    /// <summary>So has the reading thread, but it should not depend on the thread pool.</summary>
    private const int MostByReader = 8;

    private readonly Socket _socket;
    private readonly OutboundBuffer _buffer;
    private readonly Action<SocketException> _onFailed;
    private readonly Action _onSent;
    private System.Runtime.CompilerServices.ValueTaskAwaiter<int> _sending;
    private ReadOnlyMemory<byte> _rest;
    private long _lastKick;
    private int _isLeft;

    /// <param name="socket">Where to.</param>
    /// <param name="buffer">What.</param>
    /// <param name="onFailed">Called once when the socket takes no more.</param>
    public SocketSender(Socket socket, OutboundBuffer buffer, Action<SocketException> onFailed)
    {
        (_socket, _buffer, _onFailed) = (socket, buffer, onFailed);
        _onSent = OnSent;
    }

    /// <summary>The most bytes of one packet; on a stream, which has none, whatever lies here goes in one write. Set before the first kick.</summary>
    public int MaxPacket { get; set; } = int.MaxValue;

    /// <summary>It is this sender's turn: whoever appended to an idle buffer calls this once.</summary>
    /// <param name="isAwaited">Whether the caller is going to wait for an answer, so that there is nothing to collect for.</param>
    public void Kick(bool isAwaited = false)
    {
        if (Continuations.TryLeaveSend(this)) return;
        long now = System.Diagnostics.Stopwatch.GetTimestamp();
        bool isInLoop = now - Interlocked.Exchange(ref _lastKick, now) < LoopPause;
        if (isInLoop && !isAwaited) LeaveToPool();
        else Send(MostByPublisher);
    }

    /// <summary>On the reading thread, whose turn it is: sends.</summary>
    public void SendHere() => Send(MostByReader);

    /// <summary>On the reading thread: sends what was left to the thread pool, if that has not begun.</summary>
    public void SendLeft()
    {
        if (Volatile.Read(ref _isLeft) == 1 && Interlocked.Exchange(ref _isLeft, 0) == 1) Send(MostByReader);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (Interlocked.Exchange(ref _isLeft, 0) == 1) Send(int.MaxValue);
    }

    private void LeaveToPool()
    {
        Volatile.Write(ref _isLeft, 1);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Sends until nothing is left, or so many times, leaving the rest to the thread pool.</summary>
    private void Send(int most)
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
                if (--most > 0) continue;
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
