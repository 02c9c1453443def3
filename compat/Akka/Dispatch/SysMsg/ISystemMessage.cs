using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>A message between the runtime's own parts; it overtakes every user message.</summary>
public interface ISystemMessage : INoSerializationVerificationNeeded
{
}
