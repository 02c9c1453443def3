namespace Akka.Dispatch;

/// <summary>What an actor may require of its mailbox.</summary>
public interface ISemantics
{
}
