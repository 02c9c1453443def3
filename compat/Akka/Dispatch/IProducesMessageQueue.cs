using Akka.Dispatch.MessageQueues;

namespace Akka.Dispatch;

/// <summary>Declares which queue a mailbox type makes.</summary>
public interface IProducesMessageQueue<TQueue>
    where TQueue : IMessageQueue
{
}
