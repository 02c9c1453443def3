namespace Akka.Dispatch.SysMsg;

/// <summary>Stands in the system queue of a closed mailbox: nothing can be added any more.</summary>
public sealed class NoMessage : SystemMessage
{
    internal static readonly NoMessage Instance = new();
}
