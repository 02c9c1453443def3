using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// The end of the connection, which may come in steps: it admits nothing more, and from then on nobody waits for it; it sends what is queued and its last
/// frame; it is closed.
/// </summary>
internal sealed partial class Outbox
{
    /// <summary>True when everything was sent and nothing more is admitted: the connection can be closed.</summary>
    internal bool IsDrained
    {
        get
        {
            lock (_lock) return _end >= EndState.Leaving && _queue.IsEmpty;
        }
    }

    /// <summary>
    /// Admits nothing more, and puts aside what waits for members of queue groups: the connection is about to drain, and others stay who can
    /// take it.
    /// </summary>
    internal void Resign()
    {
        lock (_lock)
        {
            if (_end != EndState.Open) return;
            _end = EndState.Resigned;
            ReleasePublishers();
            PutAsideShares(DropReason.ConnectionEnded);
            ChargeMemory();
        }
    }

    /// <summary>
    /// Drops what waits in the backlogs, where the bulk is, tells so, and drains the rest: at most the high watermark and a message. For a connection that
    /// has to give its memory up.
    /// </summary>
    internal void Shed(byte[] lastFrame)
    {
        lock (_lock)
        {
            if (_end > EndState.Resigned) return;
            while (_backlogged.Count > 0) DropBacklog(_backlogged[^1], DropReason.ConnectionEnded);
            _turns.Clear();
            BeginDraining(lastFrame);
            ChargeMemory();
        }
    }

    /// <summary>Admits nothing more, lets what is queued leave, and after it the last frame; the writer is woken to notice the end.</summary>
    internal void Drain(byte[] lastFrame)
    {
        lock (_lock)
        {
            if (_end <= EndState.Resigned) BeginDraining(lastFrame);
        }
    }

    /// <summary>Drops everything that was not sent, to the accounts of its publishers, or puts it aside for others, and admits nothing more.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            if (_state != SendState.Sending) DropAll();
            else
            {
                _end = EndState.Closed;
                PutAsideShares(DropReason.ConnectionEnded);
            }
        }
    }

    private void BeginDraining(byte[] lastFrame)
    {
        _end = EndState.Draining;
        _lastFrame = lastFrame;
        ReleasePublishers();
        if (_state == SendState.Idle) HandOver(isFull: false);
    }

    private void ReleasePublishers()
    {
        foreach (var backlog in _backlogged) backlog.ReleaseWaiters();
    }

    // Whatever could leave has left. What waits for credit will not get any: nothing more is read from the peer.
    private void AppendLastWords()
    {
        while (_backlogged.Count > 0) DropBacklog(_backlogged[^1], DropReason.ConnectionEnded);
        if (_lastFrame is { } frame) _queue.Append(frame);
        _end = EndState.Leaving;
    }

    private void DropAll()
    {
        _end = EndState.Closed;
        PutAsideShares(DropReason.ConnectionEnded);
        while (_backlogged.Count > 0)
        {
            _backlogged[^1].DropAll(DropReason.ConnectionEnded);
            Forget(_backlogged[^1]);
        }

        _turns.Clear();
        _queue.Clear();
        RepliesTaken();
        ChargeMemory();
    }
}
