namespace Akka.Dispatch.SysMsg;

/// <summary>The base of system messages, linked into the mailbox's queue through itself.</summary>
public abstract class SystemMessage : ISystemMessage
{
    internal SystemMessage Next;
}
