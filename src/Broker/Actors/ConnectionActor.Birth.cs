using Akka.Actor;
using Akka.Streams;
using UdsBroker.Broker.Streams;

namespace UdsBroker.Broker.Actors;

/// <summary>How a connection's actor is made: by a call, because to take an expression apart for each connection costs more than the rest of its beginning.</summary>
internal sealed partial class ConnectionActor
{
    internal static Props Props(BrokerContext context, BrokerActors actors, IMaterializer materializer, Newcomer newcomer) =>
        Akka.Actor.Props.CreateBy(new Birth(context, actors, materializer, newcomer)).WithDispatcher(InPlaceExecutor.Dispatcher);

    private sealed class Birth(BrokerContext context, BrokerActors actors, IMaterializer materializer, Newcomer newcomer) : IIndirectActorProducer
    {
        public Type ActorType => typeof(ConnectionActor);

        public ActorBase Produce() => new ConnectionActor(context, actors, materializer, newcomer);

        public void Release(ActorBase actor)
        {
        }
    }
}
