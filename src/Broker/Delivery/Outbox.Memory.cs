namespace UdsBroker.Broker.Delivery;

/// <summary>
/// What this outbox holds, entered in the meter of its connection when something begins to wait: a backlog always, the queue from the
/// moment the kernel did not take all of it. What leaves in place is never entered.
/// </summary>
internal sealed partial class Outbox
{
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

    // Tells the meter how what is held has changed.
    private void ChargeMemory()
    {
        var held = _backlogBytes + (_state >= SendState.Sending ? _queue.Bytes : 0);
        if (held == _charged) return;
        share?.Memory.Add(held - _charged);
        _charged = held;
    }
}
