namespace UdsBroker.Broker.Routing;

/// <summary>The outcome of retaining a message; unless it is denied, the message is routed in any case.</summary>
internal enum RetainOutcome : byte
{
    /// <summary>It is kept as the last message of its subject.</summary>
    Kept,

    /// <summary>
    /// The access rules have just changed, and its publisher may not publish to its subject any more: it is neither kept nor routed.
    /// </summary>
    Denied,

    /// <summary>Its payload was empty: nothing is kept of its subject any more.</summary>
    Cleared,

    /// <summary>
    /// All users together have as much retained as they may. The older message of the subject is removed as well, because a subject has its
    /// last message or none.
    /// </summary>
    Full,

    /// <summary>Its publisher's user has as much retained as one user may; the older message is removed as well.</summary>
    UserFull,
}
