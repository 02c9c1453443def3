namespace UdsBroker.Broker.Routing;

/// <summary>Whether a store had room for one more message, and if not, whose bound was reached.</summary>
internal enum KeptRoom : byte
{
    /// <summary>There is room, and the message has taken it.</summary>
    Taken,

    /// <summary>The user has as much in the store as one user may have.</summary>
    UserFull,

    /// <summary>All users together have as much in the store as they may.</summary>
    BrokerFull,
}
