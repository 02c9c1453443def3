namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Sending: in place by publishers, and by the connection's own writer when the kernel's buffer is full or a publisher has sent enough. One
/// batch is in flight at a time.
/// </summary>
internal sealed partial class Outbox
{
    /// <summary>Linux takes up to 1024 pieces in one call; the gain ends well before that, and pinning costs per piece.</summary>
    private const int MaxSegments = 64;
    private const int MaxSendBytes = 1 << 20;

    /// <summary>
    /// After this many calls a publisher leaves the rest to the connection's writer, because it has its own socket to serve.
    /// </summary>
    private const int MaxSendsInPlace = 4;

    /// <summary>
    /// True when something waits and the kernel did not take all of the last batch: the peer does not read, or not fast enough. What the
    /// writer has not been scheduled to send yet proves nothing about the peer. For packets, one that the writer is sending and that the
    /// kernel does not take counts as well.
    /// </summary>
    internal bool IsStuck
    {
        get
        {
            lock (_lock) return !_queue.IsEmpty && (_isFull || (limits.MaxPacket < int.MaxValue && _state == SendState.Sending));
        }
    }

    /// <summary>Sends what was appended, until nothing is left or the kernel's buffer is full; then the writer takes over.</summary>
    internal void Flush()
    {
        lock (_lock)
        {
            if (_state != SendState.Requested) return;
            _state = _queue.IsEmpty ? SendState.Idle : SendState.Sending;
            if (_state == SendState.Idle) return;
            _queue.Gather(_segments, MaxSegments, MaxSendBytes);
        }

        for (var calls = 1; ; calls++)
        {
            var outcome = TrySend(out var sent);
            lock (_lock)
            {
                RecordSent(sent);
                if (outcome == SendOutcome.Gone || _end == EndState.Closed)
                {
                    _state = SendState.Idle;
                    DropAll();
                    if (outcome == SendOutcome.Gone) owner.PeerGone();
                    return;
                }

                if (_queue.IsEmpty && _end == EndState.Draining) AppendLastFrame();
                if (_queue.IsEmpty)
                {
                    _state = SendState.Idle;
                    NoteDrained();
                    return;
                }

                if (outcome == SendOutcome.Full || calls == MaxSendsInPlace)
                {
                    HandOver(outcome == SendOutcome.Full);
                    return;
                }

                _queue.Gather(_segments, MaxSegments, MaxSendBytes);
            }
        }
    }

    /// <summary>
    /// The next bytes to send, or null when the writer has nothing to do until it is needed again. The memory stays valid until
    /// <see cref="WriterSent"/>.
    /// </summary>
    internal List<ArraySegment<byte>>? NextBatch()
    {
        lock (_lock)
        {
            if (_state != SendState.HandedOver) return null;
            if (_queue.IsEmpty && _end == EndState.Draining) AppendLastFrame();
            if (_queue.IsEmpty)
            {
                _state = SendState.Idle;
                NoteDrained();
                return null;
            }

            _state = SendState.Sending;
            _queue.Gather(_segments, MaxSegments, MaxSendBytes);
            return _segments;
        }
    }

    /// <summary>Reports how many bytes of the last batch the kernel took; the writer keeps the turn.</summary>
    internal void WriterSent(int sent)
    {
        lock (_lock)
        {
            RecordSent(sent);
            _isFull = sent < _segments.Bytes();
            _state = SendState.HandedOver;
            if (_end == EndState.Closed)
            {
                _state = SendState.Idle;
                DropAll();
            }
            else NoteDrained();
        }
    }

    // A fault in a recipient's socket ends the recipient, not the publisher on whose thread it happens.
    private SendOutcome TrySend(out int sent)
    {
        try
        {
            return socket.TrySend(_segments, out sent);
        }
        catch (Exception cause)
        {
            owner.Faulted(cause);
            sent = 0;
            return SendOutcome.Gone;
        }
    }

    private void RecordSent(int sent)
    {
        _queue.Advance(sent);
        _sentBytes += (uint)sent;
        traffic.Sent(sent);
        if (_queue.Bytes < limits.LowWatermark || _queue.IsEmpty) RefillIfThereIsMemory();
        if (_replyEnd <= _queue.Taken) RepliesTaken();
        ChargeMemory();
    }

    private bool RequestFlush()
    {
        if (_state != SendState.Idle || _queue.IsEmpty) return false;
        _state = SendState.Requested;
        return true;
    }

    private void HandOver(bool isFull)
    {
        _state = SendState.HandedOver;
        _isFull = isFull;
        ChargeMemory();
        owner.WriterNeeded(isFull);
        CopyOutIfThereIsMemory();
    }

    // Without memory, the connection whose messages wait ends, and not the one whose thread happens to send them. What was appended is
    // still sent.
    private void RefillIfThereIsMemory()
    {
        try
        {
            Refill();
        }
        catch (OutOfMemoryException cause)
        {
            owner.Faulted(cause);
        }
    }

    private void CopyOutIfThereIsMemory()
    {
        try
        {
            _queue.CopyOut();
        }
        catch (OutOfMemoryException cause)
        {
            owner.Faulted(cause);
        }
    }
}
