using Akka.Actor;

namespace Akka.Dispatch.MessageQueues;

/// <summary>The user messages of one actor: many senders put in, one mailbox takes out.</summary>
public interface IMessageQueue
{
    bool HasMessages { get; }

    int Count { get; }

    void Enqueue(IActorRef receiver, Envelope envelope);

    bool TryDequeue(out Envelope envelope);

    void CleanUp(IActorRef owner, IMessageQueue deadletters);
}
