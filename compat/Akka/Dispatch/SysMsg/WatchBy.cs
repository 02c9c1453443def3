using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>Makes a guardian watch another one, on its own turn.</summary>
internal sealed class WatchBy : SystemMessage
{
    public WatchBy(IInternalActorRef watchee) => Watchee = watchee;

    public IInternalActorRef Watchee { get; }
}
