using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// The side of the connection's own writer, which sends after the kernel was full. Its calls alternate: one batch is out at a time.
/// </summary>
internal sealed partial class Outbox
{
    private bool _isFull;

    /// <summary>
    /// True when something waits and the kernel did not take all of the last that it was offered: the peer does not read, or not fast enough. What the writer
    /// has not come to yet says nothing about the peer. A packet that the kernel waits with is in the hands of the writer.
    /// </summary>
    internal bool IsStuck
    {
        get
        {
            lock (_lock) return !_queue.IsEmpty && (_isFull || (limits.MaxPacket < int.MaxValue && _state == SendState.Sending));
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
            if (_queue.IsEmpty && _end == EndState.Draining) AppendLastWords();
            if (_queue.IsEmpty)
            {
                _state = SendState.Idle;
                return null;
            }

            _state = SendState.Sending;
            _queue.Gather(_segments, MaxSegments, MaxSendBytes);
            return _segments;
        }
    }

    /// <summary>The kernel took that many bytes of the last batch; the writer still holds the turn.</summary>
    internal void WriterSent(int sent)
    {
        lock (_lock)
        {
            Took(sent);
            _isFull = sent < _segments.Bytes();
            _state = SendState.HandedOver;
            if (_end != EndState.Closed) return;
            _state = SendState.Idle;
            DropAll();
        }
    }

    // Whatever could leave has left. What waits for credit will not get any: nothing more is read from the peer.
    private void AppendLastWords()
    {
        while (_backlogged.Count > 0) DropBacklog(_backlogged[^1], DropReason.ConnectionEnded);
        if (_lastFrame is { } frame) _queue.Append(frame);
        _end = EndState.Leaving;
    }
}
