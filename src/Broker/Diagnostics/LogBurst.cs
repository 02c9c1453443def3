using Akka.Actor;

namespace UdsBroker.Broker.Diagnostics;

/// <summary>
/// Limits the logging of an event that may come in floods to one line a second: the first event is logged at once, the others of each
/// second together, with their number and the first of them. Owned by an actor, whose timer sends it this object when the second is over.
/// </summary>
/// <param name="log">Logs how many there were, and the first.</param>
internal sealed class LogBurst(Action<int, string> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private int _count;
    private string _first = "";

    /// <summary>Adds one event.</summary>
    internal void Add(ITimerScheduler timers, string what)
    {
        if (_count++ == 0) _first = what;
        if (!timers.IsTimerActive(this)) Report(timers);
    }

    /// <summary>Logs what has come since the last line, if anything has.</summary>
    internal void Report(ITimerScheduler timers)
    {
        if (_count == 0) return;
        log(_count, _first);
        _count = 0;
        timers.StartSingleTimer(this, this, Interval);
    }
}
