using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>
/// Sends <see cref="ReceiveTimeout"/> to an actor that has been idle for long enough. A message only notes the time; the pending
/// timer looks at it when it fires and sleeps on for what is left, so that a busy actor does not touch the scheduler per message.
/// </summary>
internal sealed class IdleTimer : IRunnable, IDisposable
{
    private readonly IActorRef _self;
    private readonly IScheduler _scheduler;
    private long _lastActivity = Environment.TickCount64;
    private int _armed;
    private bool _disposed;
    private volatile ScheduledCancelable _pending;

    public IdleTimer(IActorRef self, IScheduler scheduler, TimeSpan timeout)
    {
        _self = self;
        _scheduler = scheduler;
        Timeout = timeout;
        Arm(timeout);
    }

    public TimeSpan Timeout { get; }

    public void Touch()
    {
        Volatile.Write(ref _lastActivity, Environment.TickCount64);
        if (Volatile.Read(ref _armed) == 0) Arm(Timeout);
    }

    public void Run()
    {
        Volatile.Write(ref _armed, 0);
        if (Volatile.Read(ref _disposed)) return;
        var left = Timeout - TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref _lastActivity));
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
