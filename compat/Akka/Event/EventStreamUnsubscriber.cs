using Akka.Actor;

namespace Akka.Event;

/// <summary>Watches the subscribers of the event stream and removes those that have stopped.</summary>
internal sealed class EventStreamUnsubscriber : ActorBase
{
    private readonly EventStream _eventStream;

    public EventStreamUnsubscriber(EventStream eventStream) => _eventStream = eventStream;

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Check check when _eventStream.HasSubscription(check.Subscriber):
                Context.Watch(check.Subscriber);
                return true;
            case Check check:
                Context.Unwatch(check.Subscriber);
                return true;
            case Terminated terminated:
                _eventStream.Unsubscribe(terminated.ActorRef);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The subscriptions of an actor have changed.</summary>
    internal sealed record Check(IActorRef Subscriber);
}
