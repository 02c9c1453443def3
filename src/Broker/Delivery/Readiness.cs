namespace UdsBroker.Broker.Delivery;

/// <summary>What is asked of a member of a queue group before it is given a share, in falling order of how soon the peer gets it.</summary>
internal enum Readiness : byte
{
    /// <summary>The messages can be sent now.</summary>
    AtOnce,

    /// <summary>They have to wait for the connection, but credit for them is there.</summary>
    InTime,

    /// <summary>The subscription is open.</summary>
    AtAll,
}
