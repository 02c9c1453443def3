namespace UdsBroker.Broker.Transport;

/// <summary>The outcome of a non-blocking receive.</summary>
public enum ReceiveState
{
    /// <summary>Bytes were received.</summary>
    Received,

    /// <summary>There is nothing to receive now.</summary>
    Empty,

    /// <summary>The peer will send no more, or the connection is closed.</summary>
    Ended,

    /// <summary>A packet came that is larger than the buffer; its rest is lost. The number that goes with it is its real size.</summary>
    TooLarge,
}
