using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Who watches this actor, whom it watches, and whose end is on its way to it.</summary>
public partial class ActorCell
{
    private DeathWatch _watch;

    public IActorRef Watch(IActorRef subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        StartWatching((IInternalActorRef)subject, null);
        return subject;
    }

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        StartWatching((IInternalActorRef)subject, message);
        return subject;
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (subject is IInternalActorRef actor && !actor.Equals(_self) && _watch is not null)
        {
            if (_watch.Watching.Remove(actor)) actor.SendSystemMessage(new Unwatch(actor, _self));
            _watch.Reported.Remove(actor);
        }

        return subject;
    }

    internal void TerminatedQueuedFor(IActorRef actor) => (_watch ??= new DeathWatch()).Reported.TryAdd(actor, null);

    private void StartWatching(IInternalActorRef actor, object message)
    {
        if (actor.Equals(_self)) return;
        _watch ??= new DeathWatch();
        if (_watch.Watching.TryAdd(actor, message)) actor.SendSystemMessage(new Watch(actor, _self));
    }

    private void WatchedActorTerminated(IActorRef actor, bool existenceConfirmed, bool addressTerminated)
    {
        if (_watch is { IsWatching: true } && _watch.Watching.Remove(actor, out var message) && !IsTerminating)
        {
            _watch.Reported[actor] = message;
            _self.Tell(new Terminated(actor, existenceConfirmed, addressTerminated), actor);
        }

        if (_children?.StatsOf(actor) is not null) HandleChildTerminated(actor);
    }

    private void ReceivedTerminated(Terminated terminated)
    {
        if (_watch is null || !_watch.Reported.Remove(terminated.ActorRef, out var message)) return;
        if (message is not null) _currentMessage = message;
        ReceiveMessage(message ?? terminated);
    }

    private void AddWatcher(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (!watchee.Equals(_self) || watcher.Equals(_self)) return;
        if ((_watch ??= new DeathWatch()).AddWatcher(watcher)) DebugLifecycle($"now watched by {watcher.Path}");
    }

    private void RemoveWatcher(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (watchee.Equals(_self) && _watch is not null && _watch.RemoveWatcher(watcher))
            DebugLifecycle($"no longer watched by {watcher.Path}");
    }

    private void TellWatchersWeDied()
    {
        if (_watch is null) return;
        foreach (var watcher in _watch.TakeWatchers())
            if (!watcher.Equals(_parent)) watcher.SendSystemMessage(new DeathWatchNotification(_self, true, false));
    }

    private void UnwatchWatchedActors()
    {
        if (_watch is null) return;
        if (_watch.IsWatching)
        {
            foreach (var watched in _watch.Watching.Keys)
                ((IInternalActorRef)watched).SendSystemMessage(new Unwatch((IInternalActorRef)watched, _self));
        }

        _watch.ClearWatching();
    }
}
