namespace Akka.Actor;

/// <summary>The constructor or PostRestart threw while an actor was being restarted.</summary>
public class PostRestartException : ActorInitializationException
{
    public PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
        : base(actor, $"Exception post restart ({originalCause?.GetType().ToString() ?? "null"})", cause) => OriginalCause = originalCause;

    public Exception OriginalCause { get; }
}
