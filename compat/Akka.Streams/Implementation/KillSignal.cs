namespace Akka.Streams.Implementation;

/// <summary>
/// What a kill switch and its stages share. Stages that have ended are forgotten, since a shared switch may outlive any number of streams.
/// All members may be called from any thread.
/// </summary>
internal sealed class KillSignal
{
    private readonly Lock _lock = new();
    private HashSet<Action> _waiting = [];

    /// <summary>The failure that the signal carries, or null; known once the signal was given.</summary>
    public AggregateException Failure { get; private set; }

    /// <summary>False if the signal has been given already; else the action is called when it is.</summary>
    public bool TryWait(Action onSignal)
    {
        lock (_lock)
        {
            _waiting?.Add(onSignal);
            return _waiting is not null;
        }
    }

    public void StopWaiting(Action onSignal)
    {
        lock (_lock)
            _waiting?.Remove(onSignal);
    }

    /// <summary>Gives the signal, unless it has been given.</summary>
    public void Give(Exception failure = null)
    {
        HashSet<Action> waiting;
        lock (_lock)
        {
            if (_waiting is null)
                return;
            waiting = _waiting;
            _waiting = null;
            Failure = failure is null ? null : new AggregateException(failure);
        }

        foreach (var onSignal in waiting)
            onSignal();
    }
}
