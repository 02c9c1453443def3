namespace UdsBroker.Broker.Routing;

/// <summary>What became of the wish to retain a message; it is routed whatever this says.</summary>
internal enum RetainOutcome : byte
{
    /// <summary>It is kept as the last message of its subject.</summary>
    Kept,

    /// <summary>Its payload was empty: nothing is kept of its subject any more.</summary>
    Cleared,

    /// <summary>There was no room. An older message of its subject is not kept either: what is kept is the last one or nothing.</summary>
    Full,
}
