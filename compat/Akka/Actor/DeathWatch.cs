namespace Akka.Actor;

/// <summary>
/// The death-watch state of an actor that watches or is watched. Most actors are watched by one other, their parent, and watch nobody: that costs no
/// collection.
/// </summary>
internal sealed class DeathWatch
{
    private Dictionary<IActorRef, object> _watching;
    private Dictionary<IActorRef, object> _reported;
    private IInternalActorRef _watcher;
    private HashSet<IInternalActorRef> _otherWatchers;

    /// <summary>The actors watched, each with the message that replaces <see cref="Terminated"/> or null.</summary>
    public Dictionary<IActorRef, object> Watching => _watching ??= [];

    /// <summary>Actors whose <see cref="Terminated"/> lies in the mailbox, with the same message.</summary>
    public Dictionary<IActorRef, object> Reported => _reported ??= [];

    public bool IsWatching => _watching is { Count: > 0 };

    /// <summary>False when it watches already.</summary>
    public bool AddWatcher(IInternalActorRef watcher)
    {
        if (_watcher is null && _otherWatchers?.Contains(watcher) != true)
        {
            _watcher = watcher;
            return true;
        }

        return !watcher.Equals(_watcher) && (_otherWatchers ??= []).Add(watcher);
    }

    /// <summary>False when it did not watch.</summary>
    public bool RemoveWatcher(IInternalActorRef watcher)
    {
        if (!watcher.Equals(_watcher)) return _otherWatchers?.Remove(watcher) == true;
        _watcher = null;
        return true;
    }

    /// <summary>All who watch, for the last time.</summary>
    public IEnumerable<IInternalActorRef> TakeWatchers()
    {
        IEnumerable<IInternalActorRef> others = _otherWatchers ?? [];
        var all = _watcher is { } first ? others.Prepend(first) : others;
        _watcher = null;
        _otherWatchers = null;
        return all;
    }

    /// <summary>Forgets whom it watches.</summary>
    public void ClearWatching()
    {
        _watching = null;
        _reported = null;
    }
}
