using UdsBroker.Broker.Access;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>What a session is told at its birth.</summary>
/// <param name="Id">The identity of the connection.</param>
/// <param name="Limits">The limits in force.</param>
/// <param name="Info">What WELCOME says.</param>
/// <param name="Bound">The pending bound of a subscription that names none, and the most it may name.</param>
/// <param name="Access">What the client may do.</param>
internal sealed record SessionContext(Guid Id, Limits Limits, WelcomeInfo Info, PendingBound Bound, PeerAccess Access)
{
    /// <summary>The share of the connection's user, of which its subscriptions are taken; null where nobody counts.</summary>
    internal UserShare? User { get; init; }
}
