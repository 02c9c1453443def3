namespace UdsBroker.Broker.Load;

/// <summary>
/// The limits whose hits are counted, each named by the key of its setting: the first word is the section, see <see cref="LimitKeys"/>.
/// Limits that end a connection with a close reason of their own, drop messages or refuse to keep them are counted as that instead;
/// docs/reliability.md lists all of them.
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

    /// <summary>Also hit when the descriptors of the process are used up.</summary>
    ConnectionsMax,

    /// <summary>A connection was not read for a while.</summary>
    ConnectionsReceiveRate,
    UsersMaxConnections,
    UsersConnectRate,
    UsersMaxSubscriptions,
    UsersMaxSystemSubscriptions,
    UsersMaxWildcardShapes,

    /// <summary>An unanswered request was forgotten.</summary>
    UsersMaxOpenRequests,

    /// <summary>More bytes began to wait, and their subscription counted as full.</summary>
    UsersMaxPending,

    /// <summary>A route was not cached, or the cached routes of a publisher were dropped for it.</summary>
    UsersMaxRoutes,

    /// <summary>A connection was not read for a while, or a datagram dropped.</summary>
    UsersReceiveRate,
    RequestsMaxOpen,

    /// <summary>A publisher was not read until recipients had caught up, or until it had read its replies.</summary>
    OutboundHighWatermark,

    /// <summary>The listener waited for the next second.</summary>
    ListenerAcceptRate,
    ListenerAcceptPause,
    ListenerMaxSenders,

    /// <summary>A message asked for a longer delay.</summary>
    DelayedMaxDelay,

    /// <summary>A connection was refused or shed.</summary>
    MemoryBudget,

    /// <summary>The rules denied something.</summary>
    AccessRules,
}
