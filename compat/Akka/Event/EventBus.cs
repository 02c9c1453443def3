namespace Akka.Event;

/// <summary>Delivers events to those who subscribed to their class or a class above it.</summary>
public abstract class EventBus<TEvent, TClassifier, TSubscriber>
{
    private volatile (TSubscriber Subscriber, TClassifier Classifier)[] _subscriptions = [];

    public virtual bool Subscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (this)
        {
            var present = _subscriptions.Any(entry =>
                entry.Subscriber.Equals(subscriber) && entry.Classifier.Equals(classifier));
            if (present) return false;
            _subscriptions = [.. _subscriptions, (subscriber, classifier)];
            SubscriptionsChanged();
            return true;
        }
    }

    public virtual bool Unsubscribe(TSubscriber subscriber) => Remove(entry => entry.Subscriber.Equals(subscriber));

    public virtual bool Unsubscribe(TSubscriber subscriber, TClassifier classifier) =>
        Remove(entry => entry.Subscriber.Equals(subscriber) && entry.Classifier.Equals(classifier));

    public virtual void Publish(TEvent @event)
    {
        foreach (var subscriber in SubscribersOf(@event)) Publish(@event, subscriber);
    }

    protected string SimpleName(object source) => SimpleName(source.GetType());

    protected string SimpleName(Type source) => source.Name;

    protected abstract bool IsSubClassification(TClassifier parent, TClassifier child);

    protected abstract void Publish(TEvent @event, TSubscriber subscriber);

    protected abstract bool Classify(TEvent @event, TClassifier classifier);

    protected abstract TClassifier GetClassifier(TEvent @event);

    internal bool HasSubscription(TSubscriber subscriber) => _subscriptions.Any(entry => entry.Subscriber.Equals(subscriber));

    /// <summary>Everyone who subscribed to the event's class or to one above it, each once.</summary>
    internal virtual TSubscriber[] SubscribersOf(TEvent @event) => Matching(GetClassifier(@event));

    internal TSubscriber[] Matching(TClassifier classifier) =>
    [
        .. _subscriptions
            .Where(entry => entry.Classifier.Equals(classifier) || IsSubClassification(entry.Classifier, classifier))
            .Select(entry => entry.Subscriber)
            .Distinct(),
    ];

    /// <summary>Called under the lock after each change.</summary>
    internal virtual void SubscriptionsChanged()
    {
    }

    private bool Remove(Func<(TSubscriber Subscriber, TClassifier Classifier), bool> matches)
    {
        lock (this)
        {
            var left = _subscriptions.Where(entry => !matches(entry)).ToArray();
            if (left.Length == _subscriptions.Length) return false;
            _subscriptions = left;
            SubscriptionsChanged();
            return true;
        }
    }
}
