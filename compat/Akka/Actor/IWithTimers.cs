namespace Akka.Actor;

/// <summary>Gives an actor timers; the runtime sets them after the constructor ran.</summary>
public interface IWithTimers
{
    ITimerScheduler Timers { get; set; }
}
