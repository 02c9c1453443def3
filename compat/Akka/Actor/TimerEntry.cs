using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>One scheduled piece of work: a message for a receiver, an action or a runnable.</summary>
internal sealed class TimerEntry
{
    private readonly TimerThread _owner;
    private readonly ICanTell _receiver;
    private readonly object _work;
    private readonly IActorRef _sender;
    private readonly ICancelable _cancelable;
    private CancellationTokenRegistration _registration;

    public TimerEntry(TimerThread owner, long due, long period, ICanTell receiver, object work, IActorRef sender, ICancelable cancelable)
    {
        _owner = owner;
        Due = due;
        Period = period;
        _receiver = receiver;
        _work = work;
        _sender = sender;
        _cancelable = cancelable;
    }

    /// <summary>When it is due, in milliseconds of the monotonic clock.</summary>
    public long Due { get; set; }

    /// <summary>Milliseconds between repetitions, 0 for none.</summary>
    public long Period { get; }

    /// <summary>Its place in the heap; -1 outside.</summary>
    public int Index { get; set; } = -1;

    public bool IsCancelled => _cancelable is { IsCancellationRequested: true };

    public void Remove() => _owner.Remove(this);

    /// <summary>Makes cancelling take the entry out.</summary>
    public void Bind()
    {
        switch (_cancelable)
        {
            case null:
                break;
            case ScheduledCancelable own:
                own.Attach(this);
                if (own.IsCancellationRequested) Remove();
                break;
            default:
                _registration = _cancelable.Token.UnsafeRegister(static entry => ((TimerEntry)entry).Remove(), this);
                break;
        }
    }

    public void Run()
    {
        if (IsCancelled) return;
        if (Period == 0) _registration.Unregister();
        if (_receiver is not null)
            _receiver.Tell(_work, _sender);
        else if (_work is Action action)
            action();
        else
            ((IRunnable)_work).Run();
    }
}
