using System.Threading.Channels;

namespace UdsBroker.Client;

/// <summary>
/// Runs the event handlers of a client's user: in order, one at a time, on the thread pool, so that a slow handler stalls neither a socket nor a
/// reconnect. Bounded: when the handlers are a thousand events behind, the oldest are dropped. An exception of a handler ends nothing; it
/// is reported like that of any unobserved task (<see cref="TaskScheduler.UnobservedTaskException"/>).
/// </summary>
internal sealed class EventQueue
{
    private readonly Channel<Item> _events = Channel.CreateBounded<Item>(
        new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, static item => item.Forgotten?.Invoke());

    private int _isStarted;

    /// <param name="raise">Raises the event.</param>
    /// <param name="forgotten">Called when the event is dropped instead, on the thread that adds another one.</param>
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
