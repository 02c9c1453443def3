using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>A mailbox that takes messages back at its front, as a stash needs.</summary>
public interface IDequeBasedMessageQueueSemantics : ISemantics
{
    void EnqueueFirst(Envelope envelope);
}
