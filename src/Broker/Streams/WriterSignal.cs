using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Wakes the connection's writer from any thread. One that has to wait for the socket is not woken before that is writable, and then on the thread that
/// brings the news: to be woken only to find the kernel still full is a thread switch, two system calls and a core that the reader of the socket could use.
/// </summary>
internal sealed class WriterSignal
{
    private readonly UnixConnection _connection;
    private readonly Action _wake;
    private readonly Action _writable;

    internal WriterSignal(UnixConnection connection, StageSignal stage)
    {
        _connection = connection;
        Stage = stage;
        _wake = stage.Wake;
        _writable = () => InPlaceExecutor.Offer(_wake);
    }

    /// <summary>Reaches the stage that takes batches from the outbox.</summary>
    internal StageSignal Stage { get; }

    /// <summary>There is something to write.</summary>
    /// <param name="isFull">Only when the socket is writable. A packet may not fit then, so writers of packets find out by themselves.</param>
    internal void Wake(bool isFull)
    {
        if (!isFull || _connection.MaxPacket != 0 || !_connection.UntilWritable(_writable)) _wake();
    }
}
