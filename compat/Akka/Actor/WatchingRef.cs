using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>A watcher without an actor: completes a task when the watched actor has stopped.</summary>
internal sealed class WatchingRef : MinimalActorRef
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IInternalActorRef _target;

    public WatchingRef(IInternalActorRef target)
    {
        _target = target;
        Path = target.Provider.TempPath();
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider => _target.Provider;

    public Task Stopped => _stopped.Task;

    public override void SendSystemMessage(ISystemMessage message)
    {
        if (message is DeathWatchNotification death && death.Actor.Path.Equals(_target.Path)) _stopped.TrySetResult();
    }
}
