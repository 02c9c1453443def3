namespace Akka.Actor;

/// <summary>A message that the runtime handles in place of the actor's behaviour.</summary>
public interface IAutoReceivedMessage
{
}
