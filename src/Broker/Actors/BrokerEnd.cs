namespace UdsBroker.Broker.Actors;

/// <summary>How the tree of the broker's actors ended.</summary>
internal enum BrokerEnd : byte
{
    /// <summary>A fault, or the end of the actor system: nobody asked the tree itself to end.</summary>
    Stopped,

    /// <summary>An operator drained the broker, and the last connection has gone.</summary>
    Drained,
}
