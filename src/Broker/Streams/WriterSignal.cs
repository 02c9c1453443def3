using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Wakes the connection's writer from any thread. A writer that has to wait for the socket is not woken before that is writable, and then
/// on the polling thread: waking it only to find the kernel's buffer still full would cost a thread switch, two system calls and a core
/// that the reader of the socket could use.
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

    /// <summary>Signals the stage that takes batches from the outbox.</summary>
    internal StageSignal Stage { get; }

    /// <summary>Wakes the writer, because there is something to write.</summary>
    /// <param name="isFull">
    /// True to wake it only when the socket is writable. A writable socket may still have no room for a packet, so writers of packets are
    /// woken at once.
    /// </param>
    internal void Wake(bool isFull)
    {
        if (!isFull || _connection.MaxPacket != 0 || !_connection.UntilWritable(_writable)) _wake();
    }
}
