using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>
/// Failure and restart. A failing actor suspends itself and its children and reports to its parent, whose strategy answers with
/// resume, restart, stop, or a failure of its own. Suspensions are counted: each one is undone exactly once, so a restart that is
/// overtaken by another one must still take its own back. An instance whose replacement could not be constructed stays in place,
/// cleared; its hooks run again at the next restart or end.
/// </summary>
public partial class ActorCell
{
    private IActorRef _perpetrator;

    private bool IsFailed => _perpetrator is not null;

    private void FaultRecreate(Exception cause)
    {
        if (_actor is null)
        {
            PublishError(null, "Changing Recreate into Create after " + cause);
            FaultCreate();
        }
        else if (IsNormal)
        {
            DebugLifecycle("Restarting");
            var failed = _actor;
            var message = _currentMessage;
            try
            {
                failed.AroundPreRestart(cause, message);
                StashOf.Release(failed);
            }
            catch (Exception e)
            {
                var wrapped = new PreRestartException(_self, e, cause, message);
                PublishError(wrapped, e.Message);
            }
            finally
            {
                ClearActor(failed);
            }

            if (_children is null || !_children.TrySetReason(new SuspendReason.Recreation(cause))) FinishRecreate(cause);
        }
        else
        {
            // Already restarting or stopping: only the suspension that came with this restart is undone.
            FaultResume(null);
        }
    }

    private void FinishRecreate(Exception cause)
    {
        var survivors = GetChildren().ToArray();
        try
        {
            try
            {
                Mailbox.Resume();
            }
            finally
            {
                _perpetrator = null;
            }

            var fresh = NewActor();
            _actor = fresh;
            fresh.AroundPostRestart(cause, null);
            DebugLifecycle($"Restarted ({fresh})");
            foreach (var child in survivors) child.Restart(cause);
            _currentMessage = null;
        }
        catch (Exception e)
        {
            ClearActor(_actor);
            HandleInvokeFailure(new PostRestartException(_self, e, cause), survivors);
        }
    }

    private void FaultSuspend()
    {
        Mailbox.Suspend();
        foreach (var child in GetChildren()) child.Suspend();
    }

    private void FaultResume(Exception causedByFailure)
    {
        if (_actor is null)
        {
            PublishError(null, "Changing Resume into Create after " + causedByFailure);
            FaultCreate();
            return;
        }

        var perpetrator = _perpetrator;
        try
        {
            Mailbox.Resume();
        }
        finally
        {
            if (causedByFailure is not null) _perpetrator = null;
        }

        foreach (var child in GetChildren()) child.Resume(child.Equals(perpetrator) ? causedByFailure : null);
    }

    private void HandleInvokeFailure(Exception cause, IReadOnlyList<IActorRef> childrenNotToSuspend)
    {
        if (IsFailed) return;
        try
        {
            Mailbox.Suspend();
            IActorRef skip = null;
            if (_currentMessage is Failed failed)
            {
                _perpetrator = failed.Child;
                skip = failed.Child;
            }
            else
            {
                _perpetrator = _self;
            }

            foreach (var child in GetChildren())
                if (!child.Equals(skip) && childrenNotToSuspend?.Contains(child) != true) child.Suspend();
            _parent.SendSystemMessage(new Failed(_self, cause, _self.Path.Uid));
        }
        catch (Exception e)
        {
            PublishError(e, "Emergency stop: exception in failure handling for " + cause);
            try
            {
                foreach (var child in GetChildren()) Stop(child);
            }
            finally
            {
                FinishTerminate();
            }
        }
    }

    private void HandleFailed(Failed failed)
    {
        _currentMessage = failed;
        _sender = failed.Child;
        var stats = _children?.StatsOf(failed.Child);
        if (stats is null)
        {
            DebugLifecycle($"Dropping Failed({failed.Cause}) from unknown child {failed.Child}");
        }
        else if (stats.Uid != failed.Uid)
        {
            DebugLifecycle($"Dropping Failed({failed.Cause}) from old child {failed.Child} (uid={stats.Uid} != {failed.Uid})");
        }
        else if (!_actor.SupervisorStrategyInternal.HandleFailure(this, failed.Child, failed.Cause, stats, _children.Stats))
        {
            global::System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failed.Cause);
        }

        _currentMessage = null;
    }
}
