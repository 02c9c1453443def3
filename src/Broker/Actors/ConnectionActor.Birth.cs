using Akka.Actor;
using Akka.Streams;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Streams;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Actors;

/// <summary>How a connection's actor is made: by a call, because to take an expression apart for each connection costs more than the rest of its beginning.</summary>
internal sealed partial class ConnectionActor
{
    internal static Props Props(
        BrokerContext context, UnixConnection connection, ListenerSettings listener, PeerAccess access, BrokerActors actors, IMaterializer materializer, Guid id, ConnectionShare share) =>
        Akka.Actor.Props.CreateBy(new Birth(context, connection, listener, access, actors, materializer, id, share)).WithDispatcher(InPlaceExecutor.Dispatcher);

    private sealed class Birth(
        BrokerContext context, UnixConnection connection, ListenerSettings listener, PeerAccess access, BrokerActors actors, IMaterializer materializer, Guid id, ConnectionShare share)
        : IIndirectActorProducer
    {
        public Type ActorType => typeof(ConnectionActor);

        public ActorBase Produce() => new ConnectionActor(context, connection, listener, access, actors, materializer, id, share);

        public void Release(ActorBase actor)
        {
        }
    }
}
