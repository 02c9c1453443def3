using Akka.Actor;

namespace Akka.Event;

/// <summary>Logs unhandled messages at debug level, when <c>akka.actor.debug.unhandled</c> is on.</summary>
internal sealed class UnhandledMessageForwarder : ActorBase
{
    protected override bool Receive(object message)
    {
        if (message is not UnhandledMessage unhandled) return false;
        var sender = unhandled.Sender?.Path.ToString() ?? "NoSender";
        Context.System.EventStream.Publish(new Debug(
            unhandled.Recipient.Path.ToString(), unhandled.Recipient.GetType(), $"Unhandled message from {sender} : {unhandled.Message}"));
        return true;
    }
}
