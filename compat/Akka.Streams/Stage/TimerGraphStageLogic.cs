using Akka.Actor;

namespace Akka.Streams.Stage;

/// <summary>
/// A stage logic with timers. A timer is known by a key; scheduling a key again replaces its timer, and a tick of the replaced timer that is
/// already on its way is dropped. Ticks arrive like async callbacks, and all timers end with the stage.
/// </summary>
public abstract class TimerGraphStageLogic : GraphStageLogic
{
    private Dictionary<object, Timer> _timers;

    protected TimerGraphStageLogic(Shape shape)
        : base(shape)
    {
    }

    protected internal abstract void OnTimer(object timerKey);

    protected internal void ScheduleRepeatedly(object timerKey, TimeSpan initialDelay, TimeSpan interval)
    {
        var timer = Replace(timerKey, repeats: true);
        timer.Task = Interpreter.Materializer.ScheduleRepeatedly(initialDelay, interval, timer.Tick);
    }

    protected internal void ScheduleRepeatedly(object timerKey, TimeSpan interval) => ScheduleRepeatedly(timerKey, interval, interval);

    protected internal void ScheduleOnce(object timerKey, TimeSpan delay)
    {
        var timer = Replace(timerKey, repeats: false);
        timer.Task = Interpreter.Materializer.ScheduleOnce(delay, timer.Tick);
    }

    protected internal void CancelTimer(object timerKey)
    {
        if (_timers is not null && _timers.Remove(timerKey, out var timer))
            timer.Task?.Cancel();
    }

    protected internal bool IsTimerActive(object timerKey) => _timers is not null && _timers.ContainsKey(timerKey);

    protected internal override void AfterPostStop()
    {
        base.AfterPostStop();
        if (_timers is null)
            return;
        foreach (var timer in _timers.Values)
            timer.Task?.Cancel();
        _timers = null;
    }

    private Timer Replace(object timerKey, bool repeats)
    {
        ArgumentNullException.ThrowIfNull(timerKey);
        CancelTimer(timerKey);
        var timer = new Timer(this, timerKey, repeats);
        (_timers ??= [])[timerKey] = timer;
        return timer;
    }

    private void OnTick(Timer timer)
    {
        if (_timers is null || !_timers.TryGetValue(timer.Key, out var current) || current != timer)
            return;
        if (!timer.Repeats)
            _timers.Remove(timer.Key);
        OnTimer(timer.Key);
    }

    private sealed class Timer
    {
        public readonly object Key;
        public readonly bool Repeats;
        public readonly Action Tick;
        public ICancelable Task;

        public Timer(TimerGraphStageLogic logic, object key, bool repeats)
        {
            Key = key;
            Repeats = repeats;
            Tick = logic.GetAsyncCallback(() => logic.OnTick(this));
        }
    }
}
