namespace UdsBroker.Broker.Routing;

/// <summary>What has to be done for a publisher behind one of its turns.</summary>
internal enum PublisherStep : byte
{
    /// <summary>Nothing; what it waits for is told.</summary>
    Wait,

    /// <summary>Read on from its socket.</summary>
    Read,

    /// <summary>Give its control frames to the session, and tell when they have taken effect.</summary>
    Handle,

    /// <summary>End the connection: the peer broke the protocol.</summary>
    Refuse,
}
