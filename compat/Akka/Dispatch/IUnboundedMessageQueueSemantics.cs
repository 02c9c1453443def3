namespace Akka.Dispatch;

/// <summary>A mailbox without a bound.</summary>
public interface IUnboundedMessageQueueSemantics : ISemantics
{
}
