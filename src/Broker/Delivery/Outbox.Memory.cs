namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Charges what this outbox holds to the meter of its connection: backlogs always, with all the memory that they take, and the queue once
/// the kernel did not take all of it. What is sent in place is never charged.
/// </summary>
internal sealed partial class Outbox
{
    /// <summary>True while more is held for the connection's user than it may have; every subscription then counts as full.</summary>
    internal bool IsUserFull => share is { User.Memory.IsExceeded: true };

    /// <summary>Changes with every run that is delivered or being sent; tells an idle connection from one in use.</summary>
    internal long Work
    {
        get
        {
            lock (_lock) return _queue.Work;
        }
    }

    /// <summary>Called by each backlog when the memory that it takes has changed.</summary>
    internal void BacklogChanged(long bytes) => _backlogBytes += bytes;

    // Charges or discharges the difference since the last call.
    private void ChargeMemory()
    {
        var held = _backlogBytes + (_state >= SendState.Sending ? _queue.Bytes : 0);
        if (held == _charged) return;
        share?.Memory.Add(held - _charged);
        _charged = held;
    }
}
