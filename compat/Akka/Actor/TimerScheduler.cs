namespace Akka.Actor;

/// <summary>The timers of one actor instance. The message on its way is also the record of the timer.</summary>
internal sealed class TimerScheduler : ITimerScheduler
{
    private readonly ActorCell _cell;
    private Dictionary<object, TimerMessage> _timers;

    public TimerScheduler(ActorCell cell) => _cell = cell;

    public IReadOnlyCollection<object> ActiveTimers => _timers is null ? [] : _timers.Keys;

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) => Start(key, msg, interval, interval, ActorRefs.NoSender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) =>
        Start(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) =>
        Start(key, msg, initialDelay, interval, ActorRefs.NoSender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender) =>
        Start(key, msg, initialDelay, interval, sender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => Start(key, msg, timeout, null, ActorRefs.NoSender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) => Start(key, msg, timeout, null, sender);

    public bool IsTimerActive(object key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _timers is not null && _timers.ContainsKey(key);
    }

    public void Cancel(object key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (_timers is null || !_timers.Remove(key, out var timer)) return;
        timer.Task.Cancel();
        ForgetIfEmpty();
    }

    public void CancelAll()
    {
        if (_timers is null) return;
        foreach (var timer in _timers.Values) timer.Task.Cancel();
        _timers = null;
    }

    /// <summary>Whether the message belongs to the timer that is active under its key; a single timer is thereby over.</summary>
    public bool Accepts(TimerMessage message)
    {
        if (_timers is null || !_timers.TryGetValue(message.Key, out var timer) || !ReferenceEquals(timer, message)) return false;
        if (message.Repeats) return true;
        _timers.Remove(message.Key);
        ForgetIfEmpty();
        return true;
    }

    // Most actors have a timer for a while and none for ever after.
    private void ForgetIfEmpty()
    {
        if (_timers.Count == 0) _timers = null;
    }

    private void Start(object key, object msg, TimeSpan delay, TimeSpan? interval, IActorRef sender)
    {
        Cancel(key);
        var timer = msg is INotInfluenceReceiveTimeout
            ? new TimerMessage.Quiet(this, key, msg, interval is not null)
            : new TimerMessage(this, key, msg, interval is not null);
        var scheduler = _cell.System.Scheduler;
        timer.Task = interval is { } period
            ? scheduler.ScheduleTellRepeatedlyCancelable(delay, period, _cell.Self, timer, sender)
            : scheduler.ScheduleTellOnceCancelable(delay, _cell.Self, timer, sender);
        (_timers ??= [])[key] = timer;
    }
}
