using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>Asks the watchee to report its end to the watcher.</summary>
public class Watch : SystemMessage
{
    public Watch(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        Watchee = watchee;
        Watcher = watcher;
    }

    public IInternalActorRef Watchee { get; }

    public IInternalActorRef Watcher { get; }
}
