namespace UdsBroker.Broker.Delivery;

/// <summary>
/// What an outbox reports to its connection. Called on the thread that delivered or sent, sometimes under the lock of the outbox: an
/// implementation must only forward the event and return.
/// </summary>
internal interface IOutboxOwner
{
    /// <summary>The connection's writer has to continue sending.</summary>
    /// <param name="isFull">The kernel takes no more for now, so there is nothing to do before the socket is writable.</param>
    void WriterNeeded(bool isFull);

    /// <summary>The last frame was sent after everything else: the connection can be closed.</summary>
    void Drained();

    /// <summary>The peer does not take anything any more.</summary>
    void PeerGone();

    /// <summary>Sending has thrown, or found no memory for what waits: the connection has to end.</summary>
    void Faulted(Exception cause);

    /// <summary>The subscription has been given its maximum number of messages and ended.</summary>
    void SubscriptionEnded(Subscription subscription);

    /// <summary>The subscription's policy is to disconnect, and its bound was exceeded.</summary>
    void SlowConsumer(Subscription subscription);
}
