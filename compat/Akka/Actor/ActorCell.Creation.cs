using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>The creation of the actor instance, at the start and again after a creation that failed.</summary>
public partial class ActorCell
{
    private void Create(ActorInitializationException failure)
    {
        if (failure is not null) throw failure;
        try
        {
            var created = NewActor();
            _actor = created;
            created.AroundPreStart();
            DebugLifecycle($"Started ({created})");
        }
        catch (Exception cause)
        {
            ClearActor(_actor);
            _actor = null;
            if (cause is ActorInitializationException { Actor: not null }) throw;
            var thrown = cause is global::System.Reflection.TargetInvocationException { InnerException: { } inner } ? inner : cause;
            throw new ActorInitializationException(_self, "Exception during creation", thrown);
        }
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
}
