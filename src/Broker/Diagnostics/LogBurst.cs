using Akka.Actor;

namespace UdsBroker.Broker.Diagnostics;

/// <summary>
/// What may come in floods and is logged once a second: the first of it at once, the rest of each second together, with the first of that. Owned by an actor, whose
/// timers send it the burst itself when the second is over.
/// </summary>
/// <param name="log">Logs how many there were, and the first.</param>
internal sealed class LogBurst(Action<int, string> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private int _count;
    private string _first = "";

    /// <summary>One more.</summary>
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
