namespace Akka.Actor;

/// <summary>PreRestart threw while an actor was being restarted. It is logged; the restart goes on. Inside is the failure that led to the restart.</summary>
public class PreRestartException : ActorInitializationException
{
    public PreRestartException(IActorRef actor, Exception restartException, Exception cause, object optionalMessage)
        : base(actor, $"Exception pre restart ({restartException?.GetType().ToString() ?? "null"})", cause)
    {
        RestartException = restartException;
        OptionalMessage = optionalMessage;
    }

    public Exception RestartException { get; }

    public object OptionalMessage { get; }
}
