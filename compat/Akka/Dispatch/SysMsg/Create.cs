using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>Makes the actor instance; always the first message of a cell.</summary>
public sealed class Create : SystemMessage
{
    public Create(ActorInitializationException failure = null) => Failure = failure;

    public ActorInitializationException Failure { get; }
}
