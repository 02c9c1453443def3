namespace Akka.Actor;

/// <summary>A message that is never serialized, not even by a test setting.</summary>
public interface INoSerializationVerificationNeeded
{
}
