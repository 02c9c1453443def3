using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>A stash without a bound; the actor gets an unbounded deque-based mailbox.</summary>
public interface IWithUnboundedStash : IWithUnrestrictedStash, IRequiresMessageQueue<IUnboundedDequeBasedMessageQueueSemantics>
{
}
