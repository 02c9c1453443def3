namespace UdsBroker.Broker.Sessions;

/// <summary>A client's request to the broker itself: a message below <c>_BROKER.</c> whose answer goes to the client's own inbox.</summary>
/// <param name="Operation">What follows <c>_BROKER.</c> in the subject.</param>
/// <param name="Reply">The reply subject, below the inbox of the connection that asks.</param>
/// <param name="Payload">The arguments, a copy.</param>
internal sealed record BrokerRequest(string Operation, byte[] Reply, byte[] Payload);
