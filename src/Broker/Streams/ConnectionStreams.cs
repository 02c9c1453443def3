using Akka;
using Akka.Streams.Dsl;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>The data paths, wired: each stream is one actor, each line one sentence.</summary>
internal static class ConnectionStreams
{
    /// <summary>Bytes come in, publishes are routed where they arrive, control frames go to the session.</summary>
    internal static IRunnableGraph<NotUsed> Udsb(
        UnixConnection connection, SlabPool pool, ReceiveBounds bounds, StageSignal signal, InboundRouter router, Outbox outbox, TimeSpan stallTimeout, IConnectionEvents events) =>
        Source.FromGraph(new SocketSource(connection, pool, bounds, signal, events))
            .To(Sink.FromGraph(new PublishSink(router, outbox, stallTimeout, events)));

    /// <summary>What could not be sent in place goes out.</summary>
    internal static IRunnableGraph<NotUsed> Writer(UnixConnection connection, Outbox outbox, StageSignal signal, IConnectionEvents events) =>
        Source.FromGraph(new OutboxSource(outbox, signal))
            .To(Sink.FromGraph(new SocketSink(connection, events)));

    /// <summary>Raw bytes come in and are answered, with themselves or with the connection's identity.</summary>
    internal static IRunnableGraph<NotUsed> Echo(
        UnixConnection connection, SlabPool pool, ReceiveBounds bounds, StageSignal signal, byte[]? identity, IConnectionEvents events) =>
        Source.FromGraph(new SocketSource(connection, pool, bounds, signal, events))
            .Via(new EchoStage(identity))
            .To(Sink.FromGraph(new SocketSink(connection, events)));

    /// <summary>Datagrams come in and are read; nothing goes out through here.</summary>
    internal static IRunnableGraph<NotUsed> Datagrams(DatagramSocket socket, SlabPool pool, IDatagramReader reader, IDatagramEvents events) =>
        Source.FromGraph(new DatagramSource(socket, new DatagramBatch(pool, socket.MaxPacket)))
            .To(Sink.FromGraph(new DatagramSink(reader, events)));
}
