namespace Akka.Dispatch;

/// <summary>A mailbox that makes senders wait when full, and then drops.</summary>
public interface IBoundedMessageQueueSemantics : ISemantics
{
    TimeSpan PushTimeOut { get; }
}
