using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>
/// Runs the mailboxes of its actors. One dispatcher is shared by many actors; where it runs them is the subclass's choice.
/// </summary>
public abstract class MessageDispatcher
{
    private long _inhabitants;

    internal MessageDispatcher(string id, int throughput, TimeSpan throughputDeadline)
    {
        Id = id;
        Throughput = throughput;
        ThroughputDeadlineTicks = (long)throughputDeadline.TotalMilliseconds;
        ThroughputDeadlineTime = throughputDeadline > TimeSpan.Zero ? throughputDeadline.Ticks : null;
    }

    public string Id { get; protected set; }

    /// <summary>How many messages an actor may process before others get its thread.</summary>
    public int Throughput { get; set; }

    /// <summary>How long an actor may process messages before others get its thread; null for as long as it has throughput left.</summary>
    public long? ThroughputDeadlineTime { get; protected set; }

    /// <summary>The same deadline in milliseconds, 0 for none.</summary>
    internal long ThroughputDeadlineTicks { get; }

    public void Schedule(Action run) => ExecuteTask(new ActionRunnable(run));

    public void Schedule(IRunnable run) => ExecuteTask(run);

    public virtual void Dispatch(ActorCell cell, Envelope envelope)
    {
        var mailbox = cell.Mailbox;
        mailbox.Enqueue(cell.Self, envelope);
        RegisterForExecution(mailbox, true, false);
    }

    public virtual void SystemDispatch(ActorCell cell, SystemMessage message)
    {
        var mailbox = cell.Mailbox;
        mailbox.SystemEnqueue(cell.Self, message);
        RegisterForExecution(mailbox, false, true);
    }

    public virtual void Attach(ActorCell cell)
    {
        Interlocked.Increment(ref _inhabitants);
        RegisterForExecution(cell.Mailbox, false, true);
    }

    public virtual void Detach(ActorCell cell)
    {
        try
        {
            var mailbox = cell.SwapMailbox(cell.System.Mailboxes.DeadLetterMailbox);
            mailbox.BecomeClosed();
            mailbox.CleanUp();
        }
        finally
        {
            if (Interlocked.Decrement(ref _inhabitants) == 0) Shutdown();
        }
    }

    internal void RegisterForExecution(Mailbox mailbox, bool hasMessageHint, bool hasSystemMessageHint)
    {
        if (mailbox.CanBeScheduledForExecution(hasMessageHint, hasSystemMessageHint) && mailbox.SetAsScheduled()) ExecuteTask(mailbox);
    }

    protected abstract void ExecuteTask(IRunnable run);

    /// <summary>No actor is left; one may still come.</summary>
    protected abstract void Shutdown();
}
