using Akka.Actor;
using Akka.Streams;
using UdsBroker.Broker.Streams;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Creates the connection's actor by a plain call: analysing an expression for each connection would cost more than the rest of its start.
/// </summary>
internal sealed partial class ConnectionActor
{
    internal static Props Props(BrokerContext context, BrokerActors actors, IMaterializer materializer, AdmittedConnection admitted) =>
        Akka.Actor.Props.CreateBy(new Producer(context, actors, materializer, admitted)).WithDispatcher(InPlaceExecutor.Dispatcher);

    private sealed class Producer(BrokerContext context, BrokerActors actors, IMaterializer materializer, AdmittedConnection admitted) : IIndirectActorProducer
    {
        public Type ActorType => typeof(ConnectionActor);

        public ActorBase Produce() => new ConnectionActor(context, actors, materializer, admitted);

        public void Release(ActorBase actor)
        {
        }
    }
}
