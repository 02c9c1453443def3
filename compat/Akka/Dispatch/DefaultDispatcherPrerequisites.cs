using Akka.Actor;
using Akka.Event;

namespace Akka.Dispatch;

/// <summary>The parts of a system, as they are.</summary>
public sealed class DefaultDispatcherPrerequisites : IDispatcherPrerequisites
{
    public DefaultDispatcherPrerequisites(EventStream eventStream, IScheduler scheduler, Settings settings, Mailboxes mailboxes)
    {
        EventStream = eventStream;
        Scheduler = scheduler;
        Settings = settings;
        Mailboxes = mailboxes;
    }

    public EventStream EventStream { get; private set; }

    public IScheduler Scheduler { get; private set; }

    public Settings Settings { get; private set; }

    public Mailboxes Mailboxes { get; private set; }
}
