using Akka.Actor;
using Akka.Streams;
using UdsBroker.Broker.Streams;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Creates the connection's actor by a plain call: analysing an expression for each connection would cost more than the rest of its start.
/// </summary>
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
