using Akka.Actor;
using Akka.Event;

namespace Akka.Dispatch.MessageQueues;

/// <summary>The queue of actors that have stopped: everything put in becomes a dead letter.</summary>
internal sealed class DeadLetterMessageQueue : IMessageQueue
{
    private readonly IActorRef _deadLetters;

    public DeadLetterMessageQueue(IActorRef deadLetters) => _deadLetters = deadLetters;

    public bool HasMessages => false;

    public int Count => 0;

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        if (envelope.Message is AllDeadLetters) return;
        var sender = envelope.Sender ?? _deadLetters;
        _deadLetters.Tell(new DeadLetter(envelope.Message, sender, receiver), sender);
    }

    public bool TryDequeue(out Envelope envelope)
    {
        envelope = default;
        return false;
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
    }
}
