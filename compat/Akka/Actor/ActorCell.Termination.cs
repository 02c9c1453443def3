using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The end of an actor, which comes after the end of its children, and what follows for its parent and watchers.</summary>
public partial class ActorCell
{
    private void Terminate()
    {
        SetReceiveTimeout(null);
        UnwatchWatchedActors();
        var wasTerminating = IsTerminating;
        foreach (var child in GetChildren()) Stop(child);
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
            _props = TerminatedProps.Instance;
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
                _system.Log.Error(e, "An error occurred while disposing {0} actor. Reason: {1}", actor.GetType(), e.Message);
            }

            _props.Release(actor);
            actor.Clear();
        }

        IsCleared = true;
        _currentMessage = null;
        _receive = null;
        _outerBehaviors = null;
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
}
