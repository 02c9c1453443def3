using Akka.Actor;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Streams;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Actors;

/// <summary>Turns what stages and outbox report, on any thread, into messages to the connection actor.</summary>
internal sealed class ConnectionEvents(IActorRef connection, UnixConnection socket) : IConnectionEvents, IOutboxOwner
{
    internal WriterSignal Writer { get; } = new(socket);

    public void Control(ControlFrames frames, Action handled) => connection.Tell(new ConnectionActor.ControlArrived(frames, handled), ActorRefs.NoSender);

    public void InputEnded() => connection.Tell(ConnectionActor.InputEnded.Instance, ActorRefs.NoSender);

    public void End(Ending ending) => connection.Tell(ending, ActorRefs.NoSender);

    public void Drained() => connection.Tell(ConnectionActor.AllSent.Instance, ActorRefs.NoSender);

    public void WriterNeeded(bool isFull) => Writer.Wake(isFull);

    public void Faulted(Exception cause) => End(new Ending(CloseReason.Fault, cause.Message));

    public void PeerGone() => End(Endings.PeerGone);

    public void SubscriptionEnded(Subscription subscription) => connection.Tell(new ConnectionActor.SubscriptionEnded(subscription), ActorRefs.NoSender);

    public void SlowConsumer(Subscription subscription) => End(Endings.SlowConsumer(subscription));
}
