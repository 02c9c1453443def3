namespace UdsBroker.Broker.Routing;

/// <summary>What became of the wish to retain a message; it is routed whatever this says, unless it is denied.</summary>
internal enum RetainOutcome : byte
{
    /// <summary>It is kept as the last message of its subject.</summary>
    Kept,

    /// <summary>The access rules have changed a moment ago, and its publisher may not publish to its subject any more: it is neither kept nor routed.</summary>
    Denied,

    /// <summary>Its payload was empty: nothing is kept of its subject any more.</summary>
    Cleared,

    /// <summary>All users together have as much retained as they may. An older message of its subject is not kept either: what is kept is the last one or nothing.</summary>
    Full,

    /// <summary>Its publisher's user has as much retained as one user may. As above.</summary>
    UserFull,
}
