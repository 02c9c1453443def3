using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// The end of the connection, in up to three steps: it admits nothing more, and from then on no publisher waits for it; it sends what is
/// queued and its last frame; it is closed.
/// </summary>
internal sealed partial class Outbox
{
    /// <summary>
    /// Admits nothing more, and keeps for reassignment what waits for members of queue groups: the connection is about to drain, and the
    /// other members can take it.
    /// </summary>
    internal void CloseAdmission()
    {
        lock (_lock)
        {
            if (_end != EndState.Open) return;
            _end = EndState.AdmissionClosed;
            ReleasePublishers();
            KeepGroupLeftovers(DropReason.ConnectionEnded);
            ChargeMemory();
        }
    }

    /// <summary>
    /// Drops what waits in the backlogs, which is most of the memory, reports it as missed, and drains the rest: at most the high watermark
    /// and a message. For a connection that has to release its memory.
    /// </summary>
    internal void Shed(byte[] lastFrame)
    {
        lock (_lock)
        {
            if (_end > EndState.AdmissionClosed) return;
            while (_backlogged.Count > 0) DropBacklog(_backlogged[^1], DropReason.ConnectionEnded);
            _turns.Clear();
            BeginDraining(lastFrame);
            ChargeMemory();
        }

        Flush();
    }

    /// <summary>
    /// Admits nothing more, sends what is queued and then the last frame, and reports that to the owner. If nothing is queued, the last
    /// frame is sent at once on this thread, so that a peer that reads learns the reason however long the writer would take to be
    /// scheduled.
    /// </summary>
    internal void Drain(byte[] lastFrame)
    {
        lock (_lock)
        {
            if (_end <= EndState.AdmissionClosed) BeginDraining(lastFrame);
        }

        Flush();
    }

    /// <summary>
    /// Admits nothing more; counts everything that was not sent as dropped in its publishers' accounts, or keeps it for reassignment.
    /// </summary>
    internal void Close()
    {
        lock (_lock)
        {
            if (_state != SendState.Sending) DropAll();
            else
            {
                _end = EndState.Closed;
                KeepGroupLeftovers(DropReason.ConnectionEnded);
            }
        }
    }

    private void BeginDraining(byte[] lastFrame)
    {
        _end = EndState.Draining;
        _lastFrame = lastFrame;
        ReleasePublishers();
        if (_state != SendState.Idle) return;
        AppendLastFrame();
        NoteDrained();
        RequestFlush();
    }

    private void ReleasePublishers()
    {
        foreach (var backlog in _backlogged) backlog.ReleaseWaiters();
    }

    // Everything that could be sent has been. What waits for credit will not get any, because nothing more is read from the peer. When
    // there is no memory for the last frame, the connection ends without it; the thread that happens to send must not fail for that.
    private void AppendLastFrame()
    {
        try
        {
            while (_backlogged.Count > 0) DropBacklog(_backlogged[^1], DropReason.ConnectionEnded);
            _queue.Append(_lastFrame);
            _end = EndState.Leaving;
        }
        catch (OutOfMemoryException cause)
        {
            _end = EndState.Leaving;
            DropBacklogs();
            ChargeMemory();
            owner.Faulted(cause);
        }
    }

    // Tells the owner once that nothing is left to send.
    private void NoteDrained()
    {
        if (_end != EndState.Leaving || !_queue.IsEmpty) return;
        _end = EndState.Drained;
        owner.Drained();
    }

    private void DropAll()
    {
        _end = EndState.Closed;
        KeepGroupLeftovers(DropReason.ConnectionEnded);
        DropBacklogs();
        _queue.Clear();
        RepliesTaken();
        ChargeMemory();
    }

    private void DropBacklogs()
    {
        while (_backlogged.Count > 0)
        {
            _backlogged[^1].DropAll(DropReason.ConnectionEnded);
            Forget(_backlogged[^1]);
        }

        _turns.Clear();
    }
}
