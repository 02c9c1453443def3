using UdsBroker.Broker.Access;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>What a session is created with.</summary>
/// <param name="Client">What is known about the client.</param>
/// <param name="Limits">The limits in force.</param>
/// <param name="Bound">The default and maximum of a subscription's pending bound.</param>
/// <param name="Access">What the client may do.</param>
internal sealed record SessionContext(IClientRecord Client, Limits Limits, PendingBound Bound, PeerAccess Access)
{
    /// <summary>The identity of the connection.</summary>
    internal Guid Id => Client.Id;

    /// <summary>The share of the connection's user, to which subscriptions are charged; null for no accounting.</summary>
    internal UserShare? User { get; init; }

    /// <summary>The counts of the broker; null where nobody counts.</summary>
    internal Traffic? Traffic { get; init; }
}
