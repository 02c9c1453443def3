namespace UdsBroker.Broker.Delivery;

/// <summary>
/// What a member of a queue group must fulfil before it is given a share, ordered from the soonest delivery to the latest.
/// </summary>
internal enum Readiness : byte
{
    /// <summary>The messages can be sent now.</summary>
    AtOnce,

    /// <summary>They have to wait for the connection, but credit for them is there.</summary>
    InTime,

    /// <summary>The subscription is open.</summary>
    AtAll,
}
