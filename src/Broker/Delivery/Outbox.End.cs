using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// The end of the connection, which may come in steps: it admits nothing more, and from then on nobody waits for it; it sends what is queued and its last
/// frame; it is closed.
/// </summary>
internal sealed partial class Outbox
{
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

        Flush();
    }

    /// <summary>
    /// Admits nothing more, lets what is queued leave, and after it the last frame, of which the owner is told. If nothing is queued that frame leaves at once, in
    /// place: a peer that reads is told why, however long the writer would take to come to it.
    /// </summary>
    internal void Drain(byte[] lastFrame)
    {
        lock (_lock)
        {
            if (_end <= EndState.Resigned) BeginDraining(lastFrame);
        }

        Flush();
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
        if (_state != SendState.Idle) return;
        AppendLastWords();
        RequestFlush();
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
