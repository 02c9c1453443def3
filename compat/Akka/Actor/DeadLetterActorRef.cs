using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Publishes every message as a <see cref="DeadLetter"/>.</summary>
public class DeadLetterActorRef : EmptyLocalActorRef
{
    public DeadLetterActorRef(IActorRefProvider provider, ActorPath path, EventStream eventStream)
        : base(provider, path, eventStream)
    {
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        switch (message)
        {
            case null:
                throw new InvalidMessageException("Message is null");
            case Identify identify:
                sender?.Tell(new ActorIdentity(identify.MessageId, ActorRefs.Nobody), this);
                break;
            case DeadLetter letter:
                if (!SpecialHandle(letter.Message, letter.Sender)) EventStream.Publish(WithSender(letter));
                break;
            default:
                if (!SpecialHandle(message, sender)) EventStream.Publish(new DeadLetter(message, SenderOrDeadLetters(sender), this));
                break;
        }
    }

    protected override bool SpecialHandle(object message, IActorRef sender)
    {
        if (message is not Watch watch) return base.SpecialHandle(message, sender);
        if (!watch.Watchee.Equals(this) && !watch.Watcher.Equals(this))
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, false, false));
        return true;
    }

    private DeadLetter WithSender(DeadLetter letter) =>
        letter.Sender is null ? new DeadLetter(letter.Message, Provider.DeadLetters, letter.Recipient) : letter;
}
