using Akka.Actor;

namespace UdsBroker.Broker.Actors;

/// <summary>The actors that every connection talks to.</summary>
/// <param name="Router">Owner of the subscription index.</param>
/// <param name="System">Publisher of presence, wills and statistics; also answers requests to the broker.</param>
internal sealed record BrokerActors(IActorRef Router, IActorRef System);
