namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Holds one publisher back until every subscription that it waits for has released it, then opens once. Armed by the publisher's stage,
/// released under the locks of the recipients' outboxes, on any thread.
/// </summary>
/// <param name="opened">Called exactly once per closing that did not open at once; must not block.</param>
internal sealed class PublisherGate(Action opened)
{
    private int _holds;

    /// <summary>Starts a wait; the publisher itself holds the gate until <see cref="IsOpenAfterArming"/>.</summary>
    internal void Arm() => Volatile.Write(ref _holds, 1);

    internal void Hold() => Interlocked.Increment(ref _holds);

    internal void Release()
    {
        if (Interlocked.Decrement(ref _holds) == 0) opened();
    }

    /// <summary>Ends the arming; true when nothing holds the gate, and then <c>opened</c> is not called.</summary>
    internal bool IsOpenAfterArming() => Interlocked.Decrement(ref _holds) == 0;
}
