using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Wakes the connection's writer from any thread. A call before the writer runs is not lost: the writer looks for work when it
/// starts, after it has connected.
/// </summary>
/// <remarks>
/// A writer that has to wait for the socket is not woken before that is writable, and then on the thread that brings the news: to be woken only to
/// find the kernel still full is a thread switch, two system calls and a core that the reader of the socket could use.
/// </remarks>
internal sealed class WriterSignal
{
    private readonly UnixConnection _connection;
    private readonly Action _writable;
    private volatile Action? _wake;

    internal WriterSignal(UnixConnection connection)
    {
        _connection = connection;
        _writable = () => InPlaceExecutor.Offer(_wake!);
    }

    internal void Connect(Action wake) => _wake = wake;

    /// <summary>There is something to write.</summary>
    /// <param name="isFull">Only when the socket is writable. A packet may not fit then, so writers of packets find out by themselves.</param>
    internal void Wake(bool isFull)
    {
        if (_wake is not { } wake) return;
        if (!isFull || _connection.MaxPacket != 0 || !_connection.UntilWritable(_writable)) wake();
    }
}
