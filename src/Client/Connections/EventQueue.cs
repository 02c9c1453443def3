using System.Threading.Channels;

namespace UdsBroker.Client;

/// <summary>
/// Runs the event handlers of a client's user: in order, one at a time, on the thread pool, so that a slow handler stalls neither a socket nor a
/// reconnect. Bounded: when a handler is a thousand events behind, the oldest are forgotten. A handler that throws ends nothing; its exception goes the
/// way of every unobserved one (<see cref="TaskScheduler.UnobservedTaskException"/>).
/// </summary>
internal sealed class EventQueue
{
    private readonly Channel<Item> _events = Channel.CreateBounded<Item>(
        new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, static item => item.Forgotten?.Invoke());

    private int _isStarted;

    /// <param name="raise">Raises the event.</param>
    /// <param name="forgotten">Called instead, on the thread of whoever adds another event, when this one is forgotten.</param>
    public void Add(Action raise, Action? forgotten = null)
    {
        _events.Writer.TryWrite(new Item(raise, forgotten));
        if (Interlocked.Exchange(ref _isStarted, 1) == 0) _ = Task.Run(ProcessEventsAsync);
    }

    public void Complete() => _events.Writer.TryComplete();

    private async Task ProcessEventsAsync()
    {
        await foreach (Item item in _events.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                item.Raise();
            }
#pragma warning disable CA1031 // A user's handler may throw anything.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _ = Task.FromException(error);
            }
        }
    }

    private readonly record struct Item(Action Raise, Action? Forgotten);
}
