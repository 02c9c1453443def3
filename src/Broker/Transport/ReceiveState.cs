namespace UdsBroker.Broker.Transport;

/// <summary>What a receive that does not wait came to.</summary>
public enum ReceiveState
{
    /// <summary>Bytes were received.</summary>
    Received,

    /// <summary>There is nothing to receive now.</summary>
    Empty,

    /// <summary>The peer will send no more, or the connection is closed.</summary>
    Ended,
}
