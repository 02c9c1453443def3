namespace UdsBroker.Broker.Load;

/// <summary>What the connections of one user may take together.</summary>
/// <param name="MaxConnections">Connections at the same time; one more is refused.</param>
/// <param name="MaxSubscriptions">Subscriptions at the same time, inboxes not counted; one more is answered with an ERROR.</param>
/// <param name="MaxPendingBytes">Bytes held for the user; beyond them the overflow policy of each of its subscriptions acts.</param>
/// <param name="ReceiveBytesPerSecond">Bytes read from the user within a second; 0 for no bound. Beyond them its sockets are not
/// read.</param>
internal sealed record UserLimits(int MaxConnections, int MaxSubscriptions, long MaxPendingBytes, long ReceiveBytesPerSecond)
{
    /// <summary>
    /// How many of the subscriptions may be below <c>$SYS.</c>; unlimited by default. One more is answered with an ERROR.
    /// </summary>
    internal int MaxSystemSubscriptions { get; init; } = int.MaxValue;

    /// <summary>
    /// Different <see cref="WildcardShape"/>s of its patterns at the same time; unlimited by default. One more is answered with an ERROR.
    /// </summary>
    internal int MaxWildcardShapes { get; init; } = int.MaxValue;

    /// <summary>Connections accepted within a second; unlimited by default. One more is refused.</summary>
    internal int MaxConnectsPerSecond { get; init; } = int.MaxValue;

    /// <summary>
    /// Unanswered requests that are remembered of all connections; one more, and the oldest of its connection is forgotten.
    /// </summary>
    internal int MaxOpenRequests { get; init; } = int.MaxValue;

    /// <summary>Bytes for caching the routes of subjects that the user publishes to; without room they are looked up each time.</summary>
    internal long MaxRouteBytes { get; init; } = long.MaxValue;
}
