using System.Collections.Concurrent;

namespace Akka.Event;

/// <summary>
/// Delivers events to those who subscribed to their class or a class above it, to each once. A subscription to a class can be
/// narrowed: whoever unsubscribes from a class below it keeps the rest, unless somebody once subscribed to that class by itself.
/// </summary>
public abstract class EventBus<TEvent, TClassifier, TSubscriber>
{
    private readonly Dictionary<TClassifier, List<Subscription>> _subscriptions = [];
    private volatile ConcurrentDictionary<TClassifier, TSubscriber[]> _subscribersOf = new();

    public virtual bool Subscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_subscriptions)
        {
            if (!_subscriptions.TryGetValue(classifier, out var present)) _subscriptions.Add(classifier, present = []);
            if (present.Exists(subscription => subscription.Subscriber.Equals(subscriber))) return false;
            present.Add(new Subscription(subscriber));
            _subscribersOf = new ConcurrentDictionary<TClassifier, TSubscriber[]>();
            return true;
        }
    }

    public virtual bool Unsubscribe(TSubscriber subscriber)
    {
        lock (_subscriptions)
        {
            var removed = 0;
            foreach (var present in _subscriptions.Values)
                removed += present.RemoveAll(subscription => subscription.Subscriber.Equals(subscriber));
            _subscribersOf = new ConcurrentDictionary<TClassifier, TSubscriber[]>();
            return removed > 0;
        }
    }

    public virtual bool Unsubscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_subscriptions)
        {
            var changed = _subscriptions.TryGetValue(classifier, out var present)
                ? present.RemoveAll(subscription => subscription.Subscriber.Equals(subscriber)) > 0
                : Narrow(subscriber, classifier);
            _subscribersOf = new ConcurrentDictionary<TClassifier, TSubscriber[]>();
            return changed;
        }
    }

    public virtual void Publish(TEvent @event)
    {
        // Taken before the subscriptions are read, so that a change made meanwhile replaces another dictionary than this one gets into.
        var known = _subscribersOf;
        var classifier = GetClassifier(@event);
        if (!known.TryGetValue(classifier, out var subscribers)) known[classifier] = subscribers = SubscribersTo(@event, classifier);
        foreach (var subscriber in subscribers) Publish(@event, subscriber);
    }

    protected string SimpleName(object source) => SimpleName(source.GetType());

    protected string SimpleName(Type source) => source.Name;

    protected abstract bool IsSubClassification(TClassifier parent, TClassifier child);

    protected abstract void Publish(TEvent @event, TSubscriber subscriber);

    protected abstract bool Classify(TEvent @event, TClassifier classifier);

    protected abstract TClassifier GetClassifier(TEvent @event);

    internal bool HasSubscription(TSubscriber subscriber)
    {
        lock (_subscriptions)
            return _subscriptions.Values.Any(present => present.Exists(subscription => subscription.Subscriber.Equals(subscriber)));
    }

    private TSubscriber[] SubscribersTo(TEvent @event, TClassifier classifier)
    {
        lock (_subscriptions)
        {
            return
            [
                .. _subscriptions
                    .Where(entry => Classify(@event, entry.Key))
                    .SelectMany(entry => entry.Value)
                    .Where(subscription => !subscription.Without.Exists(without => IsSubClassification(without, classifier)))
                    .Select(subscription => subscription.Subscriber)
                    .Distinct(),
            ];
        }
    }

    private bool Narrow(TSubscriber subscriber, TClassifier classifier)
    {
        var narrowed = false;
        foreach (var (parent, present) in _subscriptions)
        {
            if (!IsSubClassification(parent, classifier)) continue;
            foreach (var subscription in present.Where(subscription => subscription.Subscriber.Equals(subscriber)))
            {
                subscription.Without.Add(classifier);
                narrowed = true;
            }
        }

        return narrowed;
    }

    private sealed class Subscription(TSubscriber subscriber)
    {
        public TSubscriber Subscriber { get; } = subscriber;

        /// <summary>The classes below the subscribed one that it no longer includes.</summary>
        public List<TClassifier> Without { get; } = [];
    }
}
