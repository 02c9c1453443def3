using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch.MessageQueues;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>
/// The two queues of one actor and the right to run it. One status word holds everything that decides whether the actor may
/// run: bit 0 is "waiting for or on a thread", bit 1 is "closed for ever", and the rest counts suspensions. System messages
/// are always processed; user messages only while not suspended, at most the dispatcher's throughput at a time, and
/// system messages are looked at again after each of them.
/// </summary>
public class Mailbox : IRunnable, IThreadPoolWorkItem
{
    private const int Scheduled = 1;
    private const int Closed = 2;
    private const int SuspendUnit = 4;

    private readonly IMessageQueue _messageQueue;
    private int _status;
    private SystemMessage _systemMessages;
    private ActorCell _actor;

    public Mailbox(IMessageQueue messageQueue) => _messageQueue = messageQueue;

    public MessageDispatcher Dispatcher => _actor.Dispatcher;

    public IMessageQueue MessageQueue => _messageQueue;

    internal bool IsClosed => (Volatile.Read(ref _status) & Closed) != 0;

    internal bool IsSuspended => Volatile.Read(ref _status) >= SuspendUnit;

    internal int SuspendCount => Volatile.Read(ref _status) / SuspendUnit;

    internal bool HasSystemMessages => Volatile.Read(ref _systemMessages) is not (null or NoMessage);

    public virtual void SetActor(ActorCell actorCell) => _actor = actorCell;

    public void Run()
    {
        var outer = InternalCurrentActorCellKeeper.Current;
        InternalCurrentActorCellKeeper.Current = _actor;
        try
        {
            if (!IsClosed)
            {
                ProcessAllSystemMessages();
                ProcessMailbox();
            }
        }
        finally
        {
            InternalCurrentActorCellKeeper.Current = outer;
            SetAsIdle();
            Dispatcher.RegisterForExecution(this, false, false);
        }
    }

    void IThreadPoolWorkItem.Execute() => Run();

    /// <summary>Turns everything that is still queued into dead letters.</summary>
    public virtual void CleanUp()
    {
        lock (_messageQueue)
        {
            var deadLetterMailbox = _actor.System.Mailboxes.DeadLetterMailbox;
            var message = SystemDrain(NoMessage.Instance);
            while (message is not null)
            {
                var next = message.Next;
                message.Next = null;
                deadLetterMailbox.SystemEnqueue(_actor.Self, message);
                message = next;
            }

            _messageQueue.CleanUp(_actor.Self, deadLetterMailbox.MessageQueue);
        }
    }

    internal void Enqueue(IActorRef receiver, in Envelope envelope)
    {
        _messageQueue.Enqueue(receiver, envelope);
        // A sender that found this mailbox before it was closed and finished after it was emptied takes its message out itself.
        if (IsClosed && _actor is not null) CleanUp();
    }

    internal virtual void SystemEnqueue(IActorRef receiver, SystemMessage message)
    {
        while (true)
        {
            var current = Volatile.Read(ref _systemMessages);
            if (current is NoMessage)
            {
                _actor.System.Mailboxes.DeadLetterMailbox.SystemEnqueue(receiver, message);
                return;
            }

            message.Next = current;
            if (ReferenceEquals(Interlocked.CompareExchange(ref _systemMessages, message, current), current)) return;
        }
    }

    internal bool CanBeScheduledForExecution(bool hasMessageHint, bool hasSystemMessageHint)
    {
        var status = Volatile.Read(ref _status);
        if ((status & (Closed | Scheduled)) != 0) return false;
        if (status < SuspendUnit && (hasMessageHint || _messageQueue.HasMessages)) return true;
        return hasSystemMessageHint || HasSystemMessages;
    }

    internal bool SetAsScheduled()
    {
        while (true)
        {
            var status = Volatile.Read(ref _status);
            if ((status & (Scheduled | Closed)) != 0) return false;
            if (Interlocked.CompareExchange(ref _status, status | Scheduled, status) == status) return true;
        }
    }

    internal void SetAsIdle() => Interlocked.And(ref _status, ~Scheduled);

    internal void BecomeClosed() => Interlocked.Or(ref _status, Closed);

    internal void Suspend() => Interlocked.Add(ref _status, SuspendUnit);

    /// <summary>Takes one suspension back; true when it was the last one.</summary>
    internal bool Resume()
    {
        while (true)
        {
            var status = Volatile.Read(ref _status);
            if (status < SuspendUnit) return true;
            if (Interlocked.CompareExchange(ref _status, status - SuspendUnit, status) == status) return status - SuspendUnit < SuspendUnit;
        }
    }

    private void ProcessMailbox()
    {
        var dispatcher = Dispatcher;
        var left = Math.Max(dispatcher.Throughput, 1);
        var deadline = dispatcher.ThroughputDeadlineTicks is var ticks and > 0 ? Environment.TickCount64 + ticks : 0;
        while ((Volatile.Read(ref _status) & ~Scheduled) == 0 && _messageQueue.TryDequeue(out var envelope))
        {
            _actor.Invoke(envelope);
            if (Volatile.Read(ref _systemMessages) is not null) ProcessAllSystemMessages();
            if (--left <= 0 || (deadline != 0 && Environment.TickCount64 >= deadline)) return;
        }
    }

    private void ProcessAllSystemMessages()
    {
        var message = SystemDrain(null);
        while (message is not null)
        {
            var next = message.Next;
            message.Next = null;
            if (IsClosed)
                _actor.System.Mailboxes.DeadLetterMailbox.SystemEnqueue(_actor.Self, message);
            else
                _actor.SystemInvoke(message);
            message = next ?? (IsClosed ? null : SystemDrain(null));
        }
    }

    /// <summary>Takes all system messages, oldest first. A closed queue stays closed.</summary>
    private SystemMessage SystemDrain(SystemMessage replacement)
    {
        SystemMessage newest;
        do
        {
            newest = Volatile.Read(ref _systemMessages);
            if (newest is NoMessage || (newest is null && replacement is null)) return null;
        }
        while (!ReferenceEquals(Interlocked.CompareExchange(ref _systemMessages, replacement, newest), newest));

        SystemMessage oldest = null;
        while (newest is not null)
        {
            var next = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = next;
        }

        return oldest;
    }
}
