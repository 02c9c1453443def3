namespace UdsBroker.Client.Tests;

/// <summary>The real clock, which runs a test's code on the thread that makes a timer: a place to stop the client at.</summary>
internal sealed class WatchedTime(Action onTimer) : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        onTimer();
        return base.CreateTimer(callback, state, dueTime, period);
    }
}
