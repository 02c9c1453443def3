namespace Akka.Dispatch;

/// <summary>A mailbox type whose queue makes senders wait.</summary>
public interface IProducesPushTimeoutSemanticsMailbox
{
    TimeSpan PushTimeout { get; }
}
