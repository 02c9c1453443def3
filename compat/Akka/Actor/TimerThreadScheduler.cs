using System.Diagnostics;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The system's scheduler, with millisecond resolution.</summary>
internal sealed class TimerThreadScheduler : IScheduler, IAdvancedScheduler, IDisposable
{
    private readonly TimerThread _thread;

    public TimerThreadScheduler(string systemName, ILoggingAdapter log) =>
        _thread = new TimerThread(systemName + "-scheduler", e => log.Error(e, "Error while executing scheduled task"));

    public IAdvancedScheduler Advanced => this;

    public DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public TimeSpan MonotonicClock => TimeSpan.FromMilliseconds(Environment.TickCount64);

    public TimeSpan HighResMonotonicClock => Stopwatch.GetElapsedTime(0);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender) =>
        Add(delay, null, receiver, message, sender, null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Add(delay, null, receiver, message, sender, cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender) =>
        Add(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Add(initialDelay, interval, receiver, message, sender, cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => Add(delay, null, null, action, null, null);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) => Add(delay, null, null, action, null, cancelable);

    public void ScheduleOnce(TimeSpan delay, IRunnable action) => Add(delay, null, null, action, null, null);

    public void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) => Add(delay, null, null, action, null, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        Add(initialDelay, interval, null, action, null, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Add(initialDelay, interval, null, action, null, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action) =>
        Add(initialDelay, interval, null, action, null, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        Add(initialDelay, interval, null, action, null, cancelable);

    public void Dispose() => _thread.Dispose();

    private void Add(TimeSpan delay, TimeSpan? interval, ICanTell receiver, object work, IActorRef sender, ICancelable cancelable)
    {
        if (delay < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(delay), $"Delay must be >=0. It was {delay}");
        if (interval is { } period && period <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(interval), $"Interval must be >0. It was {period}");
        if (cancelable is { IsCancellationRequested: true }) return;

        // As in the runtime, the sum of the clock and a delay near the largest time span overflows, and it is due at once.
        if (delay > TimeSpan.MaxValue - MonotonicClock) delay = TimeSpan.Zero;
        var due = Environment.TickCount64 + Milliseconds(delay);
        var every = interval is { } repeated ? Math.Max(1, Milliseconds(repeated)) : 0;
        _thread.Add(new TimerEntry(_thread, due, every, receiver, work, sender, cancelable));
    }

    private static long Milliseconds(TimeSpan span) => (long)Math.Ceiling(span.TotalMilliseconds);
}
