using UdsBroker.Broker.Access;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>What a session is told at its birth.</summary>
/// <param name="Client">What is known about the client.</param>
/// <param name="Limits">The limits in force.</param>
/// <param name="Bound">The pending bound of a subscription that names none, and the most it may name.</param>
/// <param name="Access">What the client may do.</param>
internal sealed record SessionContext(IClientRecord Client, Limits Limits, PendingBound Bound, PeerAccess Access)
{
    /// <summary>The identity of the connection.</summary>
    internal Guid Id => Client.Id;

    /// <summary>The share of the connection's user, of which its subscriptions are taken; null where nobody counts.</summary>
    internal UserShare? User { get; init; }

    /// <summary>The counts of the broker; null where nobody counts.</summary>
    internal Traffic? Traffic { get; init; }
}
