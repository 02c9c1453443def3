namespace UdsBroker.Broker.Routing;

/// <summary>Whether a store has room for one more message, and if not, whose bound it is that keeps it out.</summary>
internal enum KeptRoom : byte
{
    /// <summary>There is room, and the message has taken it.</summary>
    Taken,

    /// <summary>Its user has as much in the store as one user may.</summary>
    UserFull,

    /// <summary>All users together have.</summary>
    BrokerFull,
}
