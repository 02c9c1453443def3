namespace Akka.Actor;

/// <summary>
/// The base of all actors. An instance lives from its creation (or a restart) to the next restart or its end, and handles one
/// message at a time.
/// </summary>
public abstract class ActorBase : IInternalActor
{
    private ActorCell _cell;
    private IActorRef _clearedSelf;
    private SupervisorStrategy _supervisorStrategy;

    protected ActorBase()
    {
        var cell = ActorCell.Current ?? throw new ActorInitializationException(
            "Do not create actors using 'new', always create them using an ActorContext/System");
        if (this is IWithTimers withTimers) withTimers.Timers = new TimerScheduler(cell);
        cell.Become(Receive);
    }

    IActorContext IInternalActor.ActorContext => Context;

    /// <summary>Null in the hooks of an instance that was cleared because its replacement could not be made.</summary>
    protected static IActorContext Context
    {
        get
        {
            var cell = ActorCell.Current ?? throw new NotSupportedException(
                "There is no active ActorContext, this is most likely due to use of async operations from within this actor.");
            return cell.IsCleared ? null : cell;
        }
    }

    protected IActorRef Self => _clearedSelf ?? Context.Self;

    protected IActorRef Sender => Context.Sender;

    internal SupervisorStrategy SupervisorStrategyInternal => _supervisorStrategy ??= _cell?.Props.SupervisorStrategy ?? SupervisorStrategy();

    internal ITimerScheduler TimersOrNull => (this as IWithTimers)?.Timers;

    public virtual void AroundPreStart() => PreStart();

    public virtual void AroundPreRestart(Exception cause, object message)
    {
        TimersOrNull?.CancelAll();
        PreRestart(cause, message);
    }

    public virtual void AroundPostRestart(Exception cause, object message) => PostRestart(cause);

    public virtual void AroundPostStop()
    {
        TimersOrNull?.CancelAll();
        PostStop();
    }

    internal void SetContext(ActorCell cell)
    {
        _cell = cell;
        _clearedSelf = null;
    }

    /// <summary>An instance that was replaced or has ended is nobody any more.</summary>
    internal void Clear() => _clearedSelf = _cell?.System.DeadLetters;

    protected internal virtual bool AroundReceive(Receive receive, object message)
    {
        var handled = receive(message);
        if (!handled) Unhandled(message);
        return handled;
    }

    protected abstract bool Receive(object message);

    /// <summary>Called for a message that the behaviour did not take. An unhandled <see cref="Terminated"/> is a failure.</summary>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated) throw new DeathPactException(terminated.ActorRef);
        Context.System.EventStream.Publish(new Event.UnhandledMessage(message, Sender, Self));
    }

    protected void Become(Receive receive) => Context.Become(receive);

    protected void BecomeStacked(Receive receive) => Context.BecomeStacked(receive);

    protected void UnbecomeStacked() => Context.UnbecomeStacked();

    protected void SetReceiveTimeout(TimeSpan? timeout) => Context.SetReceiveTimeout(timeout);

    protected virtual void PreStart()
    {
    }

    /// <summary>
    /// Called on the failed instance before its replacement is made. Unless overridden it stops all children and calls <see
    /// cref="PostStop"/>.
    /// </summary>
    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (var child in Context.GetChildren())
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }

        PostStop();
    }

    /// <summary>Called on the replacement. Unless overridden it calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    protected virtual void PostStop()
    {
    }

    /// <summary>How failures of children are answered; asked once per instance, and only if Props name no strategy.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.DefaultStrategy;
}
