namespace Akka.Dispatch;

/// <summary>An unbounded mailbox that takes messages back at its front.</summary>
public interface IUnboundedDequeBasedMessageQueueSemantics : IDequeBasedMessageQueueSemantics, IUnboundedMessageQueueSemantics
{
}
