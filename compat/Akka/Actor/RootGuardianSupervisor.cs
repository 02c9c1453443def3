using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The parent of the root guardian: stops it when it fails, and knows when it has stopped.</summary>
internal sealed class RootGuardianSupervisor : MinimalActorRef
{
    private readonly TaskCompletionSource _terminated;
    private readonly ILoggingAdapter _log;

    public RootGuardianSupervisor(IActorRefProvider provider, TaskCompletionSource terminated, ILoggingAdapter log)
    {
        Provider = provider;
        Path = provider.RootPath / "_Root-guardian-supervisor";
        _terminated = terminated;
        _log = log;
    }

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider { get; }

    public override void SendSystemMessage(ISystemMessage message)
    {
        switch (message)
        {
            case Failed failed:
                _log.Error(failed.Cause, "guardian {0} failed, shutting down!", failed.Child);
                ((IInternalActorRef)failed.Child).Stop();
                break;
            case DeathWatchNotification:
                _terminated.TrySetResult();
                break;
        }
    }

    protected override void TellInternal(object message, IActorRef sender) =>
        _log.Error("{0} received unexpected message [{1}]", Path, message);
}
