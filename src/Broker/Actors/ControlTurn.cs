namespace UdsBroker.Broker.Actors;

/// <summary>
/// One batch of control frames on its way to taking effect: it waits for the router and for answers, and after the last of them the next batch may
/// come. At most one is under way at a time.
/// </summary>
internal sealed class ControlTurn
{
    private Action? _handled;
    private int _awaited;

    /// <summary>A batch has come; its own handling is the first thing to wait for.</summary>
    internal void Begin(Action handled)
    {
        _handled = handled;
        _awaited = 1;
    }

    /// <summary>One more thing to wait for.</summary>
    internal void Await() => _awaited++;

    /// <summary>One of them has happened.</summary>
    internal void CompleteOne()
    {
        if (--_awaited > 0) return;
        var handled = _handled;
        _handled = null;
        handled?.Invoke();
    }
}
