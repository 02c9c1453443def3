namespace Akka.Dispatch.SysMsg;

/// <summary>A part of an asynchronous handler that is ready to go on within its actor.</summary>
public sealed class ActorTask : SystemMessage
{
    public ActorTask(Task task) => Task = task;

    public Task Task { get; }
}
