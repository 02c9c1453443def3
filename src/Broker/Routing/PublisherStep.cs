namespace UdsBroker.Broker.Routing;

/// <summary>What to do for a publisher after one of its turns.</summary>
internal enum PublisherStep : byte
{
    /// <summary>Nothing; it waits for an event.</summary>
    Wait,

    /// <summary>Read on from its socket.</summary>
    Read,

    /// <summary>Give its control frames to the session, and tell when they have taken effect.</summary>
    Handle,

    /// <summary>End the connection: the peer broke the protocol.</summary>
    Refuse,
}
