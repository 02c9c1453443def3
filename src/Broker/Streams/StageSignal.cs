namespace UdsBroker.Broker.Streams;

/// <summary>
/// Signals a stage from any thread: wakes it, or tells it to end. A call before the stage runs is not lost, because the stage checks for
/// work and for its end when it has connected.
/// </summary>
internal sealed class StageSignal
{
    private Action? _wake;
    private int _isOver;

    /// <summary>True once the stage has to end.</summary>
    internal bool IsOver => Volatile.Read(ref _isOver) != 0;

    // Both sides write before they read, with a barrier in between: at least one of them sees the other.
    internal void Connect(Action wake) => Interlocked.Exchange(ref _wake, wake);

    internal void Wake() => Volatile.Read(ref _wake)?.Invoke();

    internal void End()
    {
        Interlocked.Exchange(ref _isOver, 1);
        Wake();
    }
}
