namespace UdsBroker.Broker.Actors;

/// <summary>
/// Tracks a batch of control frames until it has taken effect: it waits for the router and for answers, and after the last of these the
/// next batch is read. At most one batch is under way.
/// </summary>
internal sealed class ControlTurn
{
    private Action? _handled;
    private int _awaited;

    /// <summary>Begins a batch; its own handling is the first thing to wait for.</summary>
    internal void Begin(Action handled)
    {
        _handled = handled;
        _awaited = 1;
    }

    /// <summary>Adds one more thing to wait for.</summary>
    internal void Await() => _awaited++;

    /// <summary>Reports that one of them has happened.</summary>
    internal void CompleteOne()
    {
        if (--_awaited > 0) return;
        var handled = _handled;
        _handled = null;
        handled?.Invoke();
    }
}
