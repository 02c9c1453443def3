namespace UdsBroker.Broker.Load;

/// <summary>
/// What somebody can hit and is counted when somebody does, by the key of its setting: the first word is the section, see <see cref="LimitKeys"/>. Those that
/// end a connection for a reason of their own, drop messages or do not keep them are counted as that instead; docs/reliability.md has all of them.
/// </summary>
internal enum Limit : byte
{
    LimitsMaxPayload,
    LimitsMaxSubject,
    LimitsMaxHeaders,
    LimitsMaxHeaderSize,
    LimitsMaxHello,
    LimitsMaxControlFrame,
    LimitsMaxElements,
    LimitsMaxDepth,
    LimitsMaxSubscriptions,

    /// <summary>Or as many as the descriptors of the process allow.</summary>
    ConnectionsMax,

    /// <summary>A connection was not read for a while.</summary>
    ConnectionsReceiveRate,
    UsersMaxConnections,
    UsersConnectRate,
    UsersMaxSubscriptions,
    UsersMaxWildcardShapes,

    /// <summary>A request of a connection was forgotten.</summary>
    UsersMaxOpenRequests,

    /// <summary>More bytes began to wait, whose subscription counted as full.</summary>
    UsersMaxPending,

    /// <summary>A subject was looked up anew, or those of a publisher were forgotten for it.</summary>
    UsersMaxRoutes,

    /// <summary>A connection was not read for a while, or a datagram dropped.</summary>
    UsersReceiveRate,
    RequestsMaxOpen,

    /// <summary>A publisher was not read until others had caught up, or it had read its answers.</summary>
    OutboundHighWatermark,

    /// <summary>The rest of a second was waited out.</summary>
    ListenerAcceptRate,
    ListenerAcceptPause,
    ListenerMaxSenders,

    /// <summary>A message asked for a longer one.</summary>
    DelayedMaxDelay,

    /// <summary>Somebody was not let in, or made to leave.</summary>
    MemoryBudget,

    /// <summary>Something was denied.</summary>
    AccessRules,
}
