using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Sessions;

/// <summary>A subscription that begins or ends, for the router.</summary>
internal readonly record struct RoutingChange(Subscription Subscription, bool Begins);
