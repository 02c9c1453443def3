using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// What this outbox holds, entered in the meter of its connection when something begins to wait: a backlog always, the queue from the
/// moment the kernel did not take all of it. What leaves in place is never entered.
/// </summary>
internal sealed partial class Outbox
{
    private long _backlogBytes;
    private long _charged;

    /// <summary>True while more is held for the connection's user than it may have; then every subscription counts as full.</summary>
    internal bool IsUserFull => share is { User.Memory.IsExceeded: true };

    /// <summary>Moves with every run that is delivered, and while one leaves; what tells an idle connection from one in use.</summary>
    internal long Work
    {
        get
        {
            lock (_lock) return _queue.Work;
        }
    }

    /// <summary>Told by each backlog how its bytes have changed.</summary>
    internal void BacklogChanged(long bytes) => _backlogBytes += bytes;

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
            Settle();
        }
    }

    private void Settle()
    {
        var held = _backlogBytes + (_state >= SendState.Sending ? _queue.Bytes : 0);
        if (held == _charged) return;
        share?.Memory.Add(held - _charged);
        _charged = held;
    }
}
