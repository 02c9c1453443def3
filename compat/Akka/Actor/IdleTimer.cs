using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>
/// Sends <see cref="ReceiveTimeout"/> to an actor that has been idle for long enough: from the end of one message on, and never while one is
/// being processed. A message only notes the time; the pending timer looks at it when it fires and sleeps on for what is left, so that a
/// busy actor does not touch the scheduler per message.
/// </summary>
internal sealed class IdleTimer : IRunnable, IDisposable
{
    private const long Held = -1;
    private readonly IActorRef _self;
    private readonly IScheduler _scheduler;
    private long _lastActivity;
    private int _armed;
    private bool _disposed;
    private volatile ScheduledCancelable _pending;

    public IdleTimer(IActorRef self, IScheduler scheduler, TimeSpan timeout, bool isHeld)
    {
        _self = self;
        _scheduler = scheduler;
        Timeout = timeout;
        if (isHeld)
            Hold();
        else
            Release();
    }

    public TimeSpan Timeout { get; }

    /// <summary>A message is being processed.</summary>
    public bool IsHeld => Volatile.Read(ref _lastActivity) == Held;

    /// <summary>The processing of a message begins.</summary>
    public void Hold() => Volatile.Write(ref _lastActivity, Held);

    /// <summary>The processing of a message has ended, and the actor is idle from now on.</summary>
    public void Release()
    {
        // With its counterpart in Run: either this sees that no timer is pending, or the timer that fires sees that the actor is held no more.
        Interlocked.Exchange(ref _lastActivity, Environment.TickCount64);
        if (Volatile.Read(ref _armed) == 0) Arm(Timeout);
    }

    public void Run()
    {
        Interlocked.Exchange(ref _armed, 0);
        var last = Volatile.Read(ref _lastActivity);
        if (last == Held || Volatile.Read(ref _disposed)) return;
        var left = Timeout - TimeSpan.FromMilliseconds(Environment.TickCount64 - last);
        if (left > TimeSpan.Zero)
            Arm(left);
        else
            _self.Tell(ReceiveTimeout.Instance, _self);
    }

    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        _pending?.Cancel();
    }

    private void Arm(TimeSpan delay)
    {
        if (Interlocked.Exchange(ref _armed, 1) == 1) return;
        var pending = new ScheduledCancelable();
        _pending = pending;
        _scheduler.Advanced.ScheduleOnce(delay, this, pending);
    }
}
