using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>
/// Runs every part of an asynchronous handler as a turn of its actor, so that nothing else of the actor runs at the same time and
/// its context is there after each await. The mailbox is suspended from the start of the handler to its end: the next user message
/// waits, system messages (stop, supervision) do not.
/// </summary>
public class ActorTaskScheduler : TaskScheduler
{
    private readonly ActorCell _cell;

    internal ActorTaskScheduler(ActorCell cell) => _cell = cell;

    public object CurrentMessage { get; private set; }

    public override int MaximumConcurrencyLevel => 1;

    public static void RunTask(Action action) => RunTask(() =>
    {
        action();
        return Task.CompletedTask;
    });

    public static void RunTask(Func<Task> asyncAction)
    {
        var cell = ActorCell.Current ?? throw new InvalidOperationException("RunTask must be called from an actor context.");
        cell.Mailbox.Suspend();
        var scheduler = cell.TaskScheduler;
        scheduler.CurrentMessage = cell.CurrentMessage;
        Task.Factory.StartNew(asyncAction, CancellationToken.None, TaskCreationOptions.None, scheduler)
            .Unwrap()
            .ContinueWith(scheduler.Completed, CancellationToken.None, TaskContinuationOptions.None, scheduler);
    }

    protected override IEnumerable<Task> GetScheduledTasks() => null;

    protected override void QueueTask(Task task)
    {
        if (ReferenceEquals(ActorCell.Current, _cell))
            TryExecuteTask(task);
        else
            _cell.SendSystemMessage(new ActorTask(task));
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(ActorCell.Current, _cell) && TryExecuteTask(task);

    internal void Execute(Task task) => TryExecuteTask(task);

    private void Completed(Task task)
    {
        var message = CurrentMessage;
        CurrentMessage = null;
        var failure = task.IsCanceled ? new TaskCanceledException(task) : Unwrap(task.Exception);
        if (failure is null)
            _cell.AsyncHandlerDone();
        else
            _cell.SendSystemMessage(new ActorTaskFailed(failure, message));
    }

    private static Exception Unwrap(AggregateException exception) =>
        exception is { InnerExceptions.Count: 1 } ? exception.InnerException : exception;
}
