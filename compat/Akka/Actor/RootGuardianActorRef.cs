using Akka.Actor.Internal;
using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>The root of the tree; below it also lie the places that are no actors.</summary>
internal sealed class RootGuardianActorRef : LocalActorRef
{
    private readonly TempContainerRef _tempContainer;

    public RootGuardianActorRef(
        ActorSystemImpl system, Props props, MessageDispatcher dispatcher, MailboxType mailboxType, IInternalActorRef supervisor,
        ActorPath path, TempContainerRef tempContainer)
        : base(system, props, dispatcher, mailboxType, supervisor, path) => _tempContainer = tempContainer;

    public override IInternalActorRef Parent => this;

    public override IInternalActorRef GetSingleChild(string name) => name switch
    {
        "temp" => _tempContainer,
        "deadLetters" => (IInternalActorRef)Provider.DeadLetters,
        _ => base.GetSingleChild(name),
    };
}
