namespace Akka.Dispatch;

/// <summary>A bounded mailbox that takes messages back at its front.</summary>
public interface IBoundedDequeBasedMessageQueueSemantics : IDequeBasedMessageQueueSemantics, IBoundedMessageQueueSemantics
{
}
