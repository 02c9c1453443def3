using Akka;
using Akka.Streams.Dsl;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>The data paths, wired: one graph, one actor for each connection, each line one sentence.</summary>
internal static class ConnectionStreams
{
    /// <summary>
    /// Bytes come in, publishes are routed where they arrive, control frames go to the session; what could not be sent in place goes out.
    /// </summary>
    internal static IRunnableGraph<NotUsed> Udsb(
        UnixConnection connection, SlabPool pool, ReceiveBounds bounds, InboundRouter router, Outbox outbox, WriterSignal writer, TimeSpan stallTimeout, IConnectionEvents events)
    {
        var inbound = Flow.FromGraph(new PublishStage(router, outbox, stallTimeout, events)).To(Sink.FromGraph(new SessionSink(events)));
        var outbound = Source.FromGraph(new OutboxSource(outbox, writer, events));
        return Source.FromGraph(new SocketSource(connection, pool, bounds, events))
            .Via(Flow.FromSinkAndSource(inbound, outbound))
            .To(Sink.FromGraph(new SocketSink(connection, events)));
    }

    /// <summary>Raw bytes come in and are answered, with themselves or with the connection's identity.</summary>
    internal static IRunnableGraph<NotUsed> Echo(UnixConnection connection, SlabPool pool, ReceiveBounds bounds, byte[]? identity, IConnectionEvents events) =>
        Source.FromGraph(new SocketSource(connection, pool, bounds, events))
            .Via(new EchoStage(identity))
            .To(Sink.FromGraph(new SocketSink(connection, events)));

    /// <summary>Datagrams come in and are read; nothing goes out through here.</summary>
    internal static IRunnableGraph<NotUsed> Datagrams(DatagramSocket socket, SlabPool pool, IDatagramReader reader, IDatagramEvents events) =>
        Source.FromGraph(new DatagramSource(socket, new DatagramBatch(pool, socket.MaxPacket)))
            .To(Sink.FromGraph(new DatagramSink(reader, events)));
}
