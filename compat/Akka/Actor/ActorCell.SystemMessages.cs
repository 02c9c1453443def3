using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>
/// The processing of system messages. While the actor is failed or suspended, reports of failed children wait; while it waits for
/// children to stop (before a restart, a creation or its own end), suspend, resume and restart wait too.
/// </summary>
public partial class ActorCell
{
    private const int Default = 0;
    private const int Suspended = 1;
    private const int SuspendedWaitForChildren = 2;

    private Queue<SystemMessage> _waiting;

    internal void SystemInvoke(SystemMessage message)
    {
        var state = CalculateState();
        var pending = message;
        Queue<SystemMessage> released = null;
        while (true)
        {
            if (MustWait(pending, state))
                (_waiting ??= new Queue<SystemMessage>()).Enqueue(pending);
            else
                InvokeOne(pending);

            var next = CalculateState();
            if (next < state && _waiting is { Count: > 0 })
            {
                if (released is not null)
                    foreach (var left in released) _waiting.Enqueue(left);
                released = _waiting;
                _waiting = null;
            }

            state = next;
            if (released is null || !released.TryDequeue(out pending)) return;
            if (!IsTerminated) continue;
            do _system.Mailboxes.DeadLetterMailbox.SystemEnqueue(_self, pending);
            while (released.TryDequeue(out pending));
            return;
        }
    }

    /// <summary>On the actor's own turn, at the end of an asynchronous handler that succeeded.</summary>
    internal void AsyncHandlerDone()
    {
        Mailbox.Resume();
        _idle?.Release();
        if (_waiting is { Count: > 0 } && CalculateState() == Default) ReleaseWaiting();
    }

    private void ReleaseWaiting()
    {
        var released = _waiting;
        _waiting = null;
        while (released.TryDequeue(out var message)) SystemInvoke(message);
    }

    private void InvokeOne(SystemMessage message)
    {
        try
        {
            switch (message)
            {
                case ActorTask task:
                    _currentMessage = TaskScheduler.CurrentMessage;
                    TaskScheduler.Execute(task.Task);
                    _currentMessage = null;
                    break;
                case ActorTaskFailed failed:
                    _currentMessage = failed.Message;
                    Mailbox.Resume();
                    HandleInvokeFailure(failed.Cause, null);
                    break;
                case Failed failed:
                    HandleFailed(failed);
                    break;
                case DeathWatchNotification death:
                    WatchedActorTerminated(death.Actor, death.ExistenceConfirmed, death.AddressTerminated);
                    break;
                case Create create:
                    Create(create.Failure);
                    break;
                case Watch watch:
                    AddWatcher(watch.Watchee, watch.Watcher);
                    break;
                case WatchBy watch:
                    Watch(watch.Watchee);
                    break;
                case Unwatch unwatch:
                    RemoveWatcher(unwatch.Watchee, unwatch.Watcher);
                    break;
                case Recreate recreate:
                    FaultRecreate(recreate.Cause);
                    break;
                case Suspend:
                    FaultSuspend();
                    break;
                case Resume resume:
                    FaultResume(resume.CausedByFailure);
                    break;
                case Dispatch.SysMsg.Terminate:
                    Terminate();
                    break;
                default:
                    throw new NotSupportedException($"Unknown system message {message.GetType().Name}");
            }
        }
        catch (Exception cause)
        {
            HandleInvokeFailure(cause, null);
        }
    }

    private int CalculateState() =>
        IsWaitingForChildren ? SuspendedWaitForChildren : Mailbox.IsSuspended ? Suspended : Default;

    private static bool MustWait(SystemMessage message, int state) => state switch
    {
        Suspended => message is Failed,
        SuspendedWaitForChildren => message is Failed or Recreate or Suspend or Resume,
        _ => false,
    };
}
