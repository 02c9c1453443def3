namespace Akka.Actor;

/// <summary>A stash that does not ask for a particular mailbox; the configured one must be deque-based.</summary>
public interface IWithUnrestrictedStash : IActorStash
{
}
