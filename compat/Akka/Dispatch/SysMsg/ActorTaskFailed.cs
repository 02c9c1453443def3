namespace Akka.Dispatch.SysMsg;

/// <summary>The end of an asynchronous handler that threw; it becomes the failure of its actor.</summary>
internal sealed class ActorTaskFailed : SystemMessage
{
    public ActorTaskFailed(Exception cause, object message)
    {
        Cause = cause;
        Message = message;
    }

    public Exception Cause { get; }

    public object Message { get; }
}
