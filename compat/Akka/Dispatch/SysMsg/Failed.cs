using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>Tells the parent that a child failed. The uid says which child of that name.</summary>
public sealed class Failed : SystemMessage
{
    public Failed(IActorRef child, Exception cause, long uid)
    {
        Child = child;
        Cause = cause;
        Uid = uid;
    }

    public Exception Cause { get; }

    public IActorRef Child { get; }

    public long Uid { get; }

    public override string ToString() => $"<Failed>: {Child} ({Uid}) , Cause={Cause}";
}
