namespace Akka.Dispatch;

/// <summary>An actor of this type gets the mailbox that <c>akka.actor.mailbox.requirements</c> names for the semantics.</summary>
public interface IRequiresMessageQueue<T>
    where T : ISemantics
{
}
