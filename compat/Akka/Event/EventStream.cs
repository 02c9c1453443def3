using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Event;

/// <summary>The system's event bus. Subscribers that stop are unsubscribed.</summary>
public class EventStream : LoggingBus
{
    private readonly bool _debug;
    private readonly List<IActorRef> _early = [];
    private IActorRef _unsubscriber;

    public EventStream(bool debug) => _debug = debug;

    public override bool Subscribe(IActorRef subscriber, Type channel)
    {
        if (subscriber is null) throw new ArgumentNullException(nameof(subscriber), "The subscriber cannot be a null actor.");
        var added = base.Subscribe(subscriber, channel);
        if (added && subscriber is not MinimalActorRef) WatchSubscriber(subscriber);
        if (_debug) Publish(new Debug(SimpleName(this), GetType(), $"subscribing {subscriber} to channel {channel}"));
        return added;
    }

    public override bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        if (subscriber is null) throw new ArgumentNullException(nameof(subscriber), "The subscriber cannot be a null actor.");
        var removed = base.Unsubscribe(subscriber, channel);
        if (removed) Volatile.Read(ref _unsubscriber)?.Tell(new EventStreamUnsubscriber.Check(subscriber), ActorRefs.NoSender);
        if (_debug) Publish(new Debug(SimpleName(this), GetType(), $"unsubscribing {subscriber} from channel {channel}"));
        return removed;
    }

    public override bool Unsubscribe(IActorRef subscriber)
    {
        if (subscriber is null) throw new ArgumentNullException(nameof(subscriber), "The subscriber cannot be a null actor.");
        var removed = base.Unsubscribe(subscriber);
        if (removed) Volatile.Read(ref _unsubscriber)?.Tell(new EventStreamUnsubscriber.Check(subscriber), ActorRefs.NoSender);
        if (_debug) Publish(new Debug(SimpleName(this), GetType(), $"unsubscribing {subscriber} from all channels"));
        return removed;
    }

    public void StartUnsubscriber(ActorSystemImpl system)
    {
        lock (_early)
        {
            if (_unsubscriber is not null) return;
            Volatile.Write(ref _unsubscriber, system.SystemActorOf(Props.Create(() => new EventStreamUnsubscriber(this)), "eventStreamUnsubscriber"));
            foreach (var subscriber in _early) _unsubscriber.Tell(new EventStreamUnsubscriber.Check(subscriber), ActorRefs.NoSender);
            _early.Clear();
        }
    }

    private void WatchSubscriber(IActorRef subscriber)
    {
        lock (_early)
        {
            if (_unsubscriber is null)
                _early.Add(subscriber);
            else
                _unsubscriber.Tell(new EventStreamUnsubscriber.Check(subscriber), ActorRefs.NoSender);
        }
    }
}
