using Akka.Actor;

namespace Akka.Event;

/// <summary>A message whose receiver no longer runs or never did.</summary>
public sealed class DeadLetter : AllDeadLetters
{
    public DeadLetter(object message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
        ArgumentNullException.ThrowIfNull(sender, nameof(sender));
        ArgumentNullException.ThrowIfNull(recipient, nameof(recipient));
    }
}
