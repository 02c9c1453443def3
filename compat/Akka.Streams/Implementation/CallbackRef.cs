using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Streams.Implementation;

/// <summary>
/// A reference that hands each message to a function, on the sender's thread. It can watch actors, whose end then arrives as
/// <see cref="Terminated"/>, and can be watched itself.
/// </summary>
internal sealed class CallbackRef : MinimalActorRef
{
    private readonly Action<IActorRef, object> _tell;
    private readonly HashSet<IActorRef> _watching = [];
    private readonly HashSet<IInternalActorRef> _watchedBy = [];
    private bool _isStopped;

    public CallbackRef(IInternalActorRef parent, ActorPath path, Action<IActorRef, object> tell)
    {
        Parent = parent;
        Path = path;
        _tell = tell;
    }

    public override ActorPath Path { get; }

    public override IInternalActorRef Parent { get; }

    public override IActorRefProvider Provider => Parent.Provider;

    public override bool IsTerminated
    {
        get
        {
            lock (_watching)
                return _isStopped;
        }
    }

    public void Watch(IActorRef actor)
    {
        lock (_watching)
        {
            if (_isStopped || !_watching.Add(actor))
                return;
        }

        ((IInternalActorRef)actor).SendSystemMessage(new Watch((IInternalActorRef)actor, this));
    }

    public void Unwatch(IActorRef actor)
    {
        lock (_watching)
        {
            if (!_watching.Remove(actor))
                return;
        }

        ((IInternalActorRef)actor).SendSystemMessage(new Unwatch((IInternalActorRef)actor, this));
    }

    public bool IsWatching(IActorRef actor)
    {
        lock (_watching)
            return _watching.Contains(actor);
    }

    public override void SendSystemMessage(ISystemMessage message)
    {
        switch (message)
        {
            case Watch watch when watch.Watchee.Equals(this) && !watch.Watcher.Equals(this):
                lock (_watching)
                {
                    if (!_isStopped)
                    {
                        _watchedBy.Add(watch.Watcher);
                        return;
                    }
                }

                NotifyOfEnd(watch.Watcher);
                break;
            case Unwatch unwatch when unwatch.Watchee.Equals(this):
                lock (_watching)
                    _watchedBy.Remove(unwatch.Watcher);
                break;
            case DeathWatchNotification ended when IsWatching(ended.Actor):
                _tell(ended.Actor, new Terminated(ended.Actor, ended.ExistenceConfirmed, ended.AddressTerminated));
                break;
        }
    }

    public override void Stop()
    {
        IActorRef[] watching;
        IInternalActorRef[] watchedBy;
        lock (_watching)
        {
            if (_isStopped)
                return;
            _isStopped = true;
            watching = [.. _watching];
            watchedBy = [.. _watchedBy];
            _watching.Clear();
            _watchedBy.Clear();
        }

        foreach (var actor in watching)
            ((IInternalActorRef)actor).SendSystemMessage(new Unwatch((IInternalActorRef)actor, this));
        foreach (var watcher in watchedBy)
            NotifyOfEnd(watcher);
    }

    protected override void TellInternal(object message, IActorRef sender) => _tell(sender, message);

    private void NotifyOfEnd(IInternalActorRef watcher) =>
        watcher.SendSystemMessage(new DeathWatchNotification(this, existenceConfirmed: true, addressTerminated: false));
}
