namespace UdsBroker.Client.Tests;

/// <summary>A clock that a test moves: time stamps are microseconds, and timers fire in the call that moves it.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private long _now;

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => _now;

    /// <summary>How often a timer was set.</summary>
    public int Settings { get; private set; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, () => callback(state));
        _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        _now += (long)(time.TotalSeconds * TimestampFrequency);
        foreach (ManualTimer timer in _timers.Where(timer => timer.Due <= _now).ToList()) timer.Fire();
    }

    private sealed class ManualTimer(ManualTime time, Action fire) : ITimer
    {
        public long Due { get; private set; } = long.MaxValue;

        public void Fire()
        {
            Due = long.MaxValue;
            fire();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            // As the runtime's timers do: whole milliseconds, the rest cut off.
            bool isSet = dueTime != Timeout.InfiniteTimeSpan;
            Due = isSet ? time._now + ((long)dueTime.TotalMilliseconds * 1000) : long.MaxValue;
            if (isSet) time.Settings++;
            return true;
        }

        public void Dispose() => Due = long.MaxValue;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
