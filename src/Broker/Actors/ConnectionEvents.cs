using Akka.Actor;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Streams;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Actors;

/// <summary>Turns what stages and outbox report, on any thread, into messages to the connection's actor.</summary>
internal sealed class ConnectionEvents(IActorRef connection, UnixConnection socket) : IConnectionEvents, IOutboxOwner
{
    private int _hasAskedForWriter;
    private volatile WriterSignal? _writer;

    /// <summary>Signals the stream that reads.</summary>
    internal StageSignal Reader { get; } = new();

    /// <summary>Makes the signal of the stream that writes, which is about to run.</summary>
    internal StageSignal OpenWriter()
    {
        var stage = new StageSignal();
        _writer = new WriterSignal(socket, stage);
        return stage;
    }

    /// <summary>Tells the streams to end.</summary>
    internal void EndStreams()
    {
        Reader.End();
        _writer?.Stage.End();
    }

    public void Control(ControlFrames frames, Action handled) => connection.Tell(new ConnectionActor.ControlArrived(frames, handled), ActorRefs.NoSender);

    public void InputEnded() => connection.Tell(ConnectionActor.InputEnded.Instance, ActorRefs.NoSender);

    public void End(Ending ending) => connection.Tell(ending, ActorRefs.NoSender);

    public void Drained() => connection.Tell(ConnectionActor.AllSent.Instance, ActorRefs.NoSender);

    public void StreamEnded() => connection.Tell(ConnectionActor.StreamEnded.Instance, ActorRefs.NoSender);

    // The writer is created when it is first needed, because most connections never fill the kernel's buffer. It checks for work when it
    // starts.
    public void WriterNeeded(bool isFull)
    {
        if (Interlocked.Exchange(ref _hasAskedForWriter, 1) != 0) _writer?.Wake(isFull);
        else connection.Tell(ConnectionActor.WriterNeeded.Instance, ActorRefs.NoSender);
    }

    public void Faulted(Exception cause) => End(Endings.Of(cause));

    public void PeerGone() => End(Endings.PeerGone);

    public void SubscriptionEnded(Subscription subscription) => connection.Tell(new ConnectionActor.SubscriptionEnded(subscription), ActorRefs.NoSender);

    public void SlowConsumer(Subscription subscription) => End(Endings.SlowConsumer(subscription));
}
