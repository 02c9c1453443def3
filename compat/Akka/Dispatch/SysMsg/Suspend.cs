namespace Akka.Dispatch.SysMsg;

/// <summary>Stops the processing of user messages until the matching <see cref="Resume"/>.</summary>
public sealed class Suspend : SystemMessage
{
}
