namespace Akka.Actor;

/// <summary>The scheduler was asked for something after it had been shut down.</summary>
public sealed class SchedulerException : AkkaException
{
    public SchedulerException(string message)
        : base(message)
    {
    }
}
