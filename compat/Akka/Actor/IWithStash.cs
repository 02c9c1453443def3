using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>A stash; the actor gets a deque-based mailbox.</summary>
public interface IWithStash : IWithUnrestrictedStash, IRequiresMessageQueue<IDequeBasedMessageQueueSemantics>
{
}
