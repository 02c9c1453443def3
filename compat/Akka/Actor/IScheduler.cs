namespace Akka.Actor;

/// <summary>Does things later. Prefer an actor's own timers, which end with the actor.</summary>
public interface IScheduler : ITellScheduler, ITimeProvider
{
    IAdvancedScheduler Advanced { get; }
}
