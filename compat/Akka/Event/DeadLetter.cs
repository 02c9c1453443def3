using Akka.Actor;

namespace Akka.Event;

/// <summary>A message whose receiver no longer runs or never did.</summary>
public sealed class DeadLetter : AllDeadLetters
{
    public DeadLetter(object message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
        if (sender is null) throw new ArgumentNullException(nameof(sender), "DeadLetter sender may not be null");
        if (recipient is null) throw new ArgumentNullException(nameof(recipient), "DeadLetter recipient may not be null");
    }
}
