using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>
/// Failure, restart and end. A failing actor suspends itself and its children and reports to its parent, whose strategy answers with
/// resume, restart, stop, or a failure of its own. Suspensions are counted: each one is undone exactly once, so a restart that is
/// overtaken by another one must still take its own back.
/// </summary>
public partial class ActorCell
{
    private IActorRef _perpetrator;

    private bool IsFailed => _perpetrator is not null;

    private void Create(ActorInitializationException failure)
    {
        if (failure is not null) throw failure;
        try
        {
            var created = NewActor();
            _actor = created;
            created.AroundPreStart();
            DebugLifecycle($"Started ({created.GetType()})");
        }
        catch (Exception cause)
        {
            ClearActor(_actor);
            _actor = null;
            if (cause is ActorInitializationException { Actor: not null }) throw;
            throw new ActorInitializationException(_self, "Exception during creation", cause is global::System.Reflection.TargetInvocationException { InnerException: { } inner } ? inner : cause);
        }
    }

    private void FaultRecreate(Exception cause)
    {
        if (_actor is null)
        {
            PublishError(cause, "Changing Recreate into Create after " + cause);
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
            DebugLifecycle("Restarted (" + fresh.GetType() + ")");
            foreach (var child in survivors) child.Restart(cause);
            _currentMessage = null;
        }
        catch (Exception e)
        {
            ClearActor(_actor);
            _actor = null;
            var reason = e is global::System.Reflection.TargetInvocationException { InnerException: { } inner } ? inner : e;
            HandleInvokeFailure(new PostRestartException(_self, reason, cause), survivors);
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
            PublishError(causedByFailure, "Changing Resume into Create after " + causedByFailure);
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

    private void FaultCreate()
    {
        foreach (var child in GetChildren()) Stop(child);
        if (_children is null || !_children.TrySetReason(new SuspendReason.Creation())) FinishCreate();
    }

    private void FinishCreate()
    {
        try
        {
            Mailbox.Resume();
        }
        finally
        {
            _perpetrator = null;
        }

        try
        {
            Create(null);
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e, null);
        }
    }

    private void Terminate()
    {
        SetReceiveTimeout(null);
        UnwatchWatchedActors();
        var wasTerminating = IsTerminating;
        foreach (var child in GetChildren())
        {
            Stop(child);
            // An aborted system waits for nobody.
            if (_system.Aborting) _self.SendSystemMessage(new DeathWatchNotification(child, true, false));
        }

        if (_children is not null && _children.TrySetReason(SuspendReason.Termination.Instance))
        {
            if (wasTerminating) return;
            Mailbox.Suspend();
            _perpetrator = _self;
            DebugLifecycle("Stopping");
        }
        else
        {
            Container().SetTerminated();
            FinishTerminate();
        }
    }

    private void FinishTerminate()
    {
        var actor = _actor;
        try
        {
            if (actor is not null)
            {
                actor.AroundPostStop();
                StashOf.Release(actor);
            }
        }
        catch (Exception e)
        {
            PublishError(e, e.Message);
        }

        try
        {
            _dispatcher.Detach(this);
        }
        finally
        {
            _parent.SendSystemMessage(new DeathWatchNotification(_self, true, false));
            TellWatchersWeDied();
            UnwatchWatchedActors();
            DebugLifecycle("Stopped");
            ClearActor(actor);
            _actor = null;
            _currentMessage = null;
            _sender = null;
            _receive = null;
            _outerBehaviors = null;
            _props = Props.None;
        }
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

    private void HandleChildTerminated(IActorRef child)
    {
        var reason = _children.Remove(child);
        if (_actor is not null)
        {
            try
            {
                _actor.SupervisorStrategyInternal.HandleChildTerminated(this, child, LazyChildren());
            }
            catch (Exception e)
            {
                PublishError(e, "HandleChildTerminated failed");
                HandleInvokeFailure(e, null);
            }
        }

        switch (reason)
        {
            case SuspendReason.Recreation recreation:
                FinishRecreate(recreation.Cause);
                break;
            case SuspendReason.Creation:
                FinishCreate();
                break;
            case SuspendReason.Termination:
                FinishTerminate();
                break;
        }
    }

    /// <summary>Ends an instance: it is disposed if it can be, and keeps only its own reference.</summary>
    private void ClearActor(ActorBase actor)
    {
        if (actor is not null)
        {
            try
            {
                (actor as IDisposable)?.Dispose();
            }
            catch (Exception e)
            {
                PublishError(e, $"An error occurred while disposing {actor.GetType()} actor. Reason: {e.Message}");
            }

            _props.Release(actor);
            actor.Clear();
        }

        _currentMessage = null;
        _outerBehaviors?.Clear();
    }
}
