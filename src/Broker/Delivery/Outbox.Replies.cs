namespace UdsBroker.Broker.Delivery;

/// <summary>
/// The broker's own answers to the peer of this connection. No policy bounds them, so a peer that causes them without reading them is not
/// read from either.
/// </summary>
internal sealed partial class Outbox
{
    /// <summary>
    /// Closes the connection's own gate while unread replies pile up: a peer that sends pings and reads nothing must not grow the queue
    /// without bound. Only replies count, because a connection that is slow to read its subscriptions may have to publish before it reads
    /// on.
    /// </summary>
    internal void AwaitRoom(PublisherGate gate)
    {
        lock (_lock)
        {
            _ownGate = gate;
            if (_replyBytes < limits.HighWatermark || _end == EndState.Closed) return;
            gate.Hold();
            _roomWaiter = gate;
        }
    }

    /// <summary>
    /// True while so many replies are unread that the connection should not be read either. Read without the lock, so it may be slightly
    /// out of date.
    /// </summary>
    internal bool IsFullOfReplies => Volatile.Read(ref _replyBytes) >= limits.HighWatermark;

    private void AppendReply(ReadOnlySpan<byte> frame)
    {
        _queue.Append(frame);
        _replyBytes += frame.Length;
        _replyEnd = _queue.Appended;
    }

    private void RepliesTaken()
    {
        _replyBytes = 0;
        var gate = _roomWaiter;
        _roomWaiter = null;
        gate?.Release();
    }
}
