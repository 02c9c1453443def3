namespace Akka.Actor.Internal;

/// <summary>A child and how often it has been restarted.</summary>
public class ChildRestartStats : IChildStats
{
    public ChildRestartStats(IInternalActorRef child, uint maxNrOfRetriesCount = 0, long restartTimeWindowStartTicks = 0)
    {
        Child = child;
        MaxNrOfRetriesCount = maxNrOfRetriesCount;
        RestartTimeWindowStartTicks = restartTimeWindowStartTicks;
    }

    public long Uid => Child.Path.Uid;

    public IInternalActorRef Child { get; }

    public uint MaxNrOfRetriesCount { get; private set; }

    public long RestartTimeWindowStartTicks { get; private set; }

    /// <summary>
    /// Counts a restart and says whether it is allowed. A negative maximum or a window of 0 means none; with a window but no
    /// maximum one restart is allowed per window.
    /// </summary>
    public bool RequestRestartPermission(int maxNrOfRetries, int withinTimeMilliseconds)
    {
        if (maxNrOfRetries == 0) return false;
        var limited = maxNrOfRetries > 0;
        var windowed = withinTimeMilliseconds > 0;
        if (windowed) return RetriesInWindowOkay(limited ? maxNrOfRetries : 1, withinTimeMilliseconds);
        return !limited || ++MaxNrOfRetriesCount <= maxNrOfRetries;
    }

    private bool RetriesInWindowOkay(int retries, int windowMilliseconds)
    {
        var now = Environment.TickCount64 * TimeSpan.TicksPerMillisecond;
        if (RestartTimeWindowStartTicks == 0) RestartTimeWindowStartTicks = now;
        var inside = now - RestartTimeWindowStartTicks <= TimeSpan.TicksPerMillisecond * windowMilliseconds;
        if (inside) return ++MaxNrOfRetriesCount <= retries;
        MaxNrOfRetriesCount = 1;
        RestartTimeWindowStartTicks = now;
        return true;
    }
}
