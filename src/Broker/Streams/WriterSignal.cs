namespace UdsBroker.Broker.Streams;

/// <summary>
/// Wakes the connection's writer from any thread. A call before the writer runs is not lost: the writer looks for work when it
/// starts, after it has connected.
/// </summary>
internal sealed class WriterSignal
{
    private volatile Action? _wake;

    internal void Connect(Action wake) => _wake = wake;

    internal void Wake() => _wake?.Invoke();
}
