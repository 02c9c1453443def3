namespace UdsBroker.Broker.Delivery;

/// <summary>
/// The broker's own answers to the peer of this connection. No policy bounds them, so the peer that causes them without reading them
/// is not read either.
/// </summary>
internal sealed partial class Outbox
{
    /// <summary>
    /// Makes the connection's own gate wait while its replies pile up because it does not read them: a peer that sends pings and
    /// reads nothing must not grow the queue without bound. Only replies count. A connection that is slow to read what it subscribed
    /// to may have to publish before it reads on.
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

    /// <summary>True while so many replies are not read that the connection should not be read either. A moment old without the lock.</summary>
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
