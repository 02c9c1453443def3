using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Tests.Core;

/// <summary>Records what an outbox reports to its connection.</summary>
internal sealed class FakeOwner : IOutboxOwner
{
    internal int WriterCalls { get; private set; }

    internal int DrainedCalls { get; private set; }

    internal int PeerGoneCalls { get; private set; }

    internal List<Subscription> Ended { get; } = [];

    /// <summary>Called when a subscription has ended, so that something else can happen at that moment.</summary>
    internal Action? WhenEnded { get; set; }

    internal List<Subscription> Slow { get; } = [];

    internal List<Exception> Faults { get; } = [];

    public void Faulted(Exception cause) => Faults.Add(cause);

    public void WriterNeeded(bool isFull) => WriterCalls++;

    public void Drained() => DrainedCalls++;

    public void PeerGone() => PeerGoneCalls++;

    public void SubscriptionEnded(Subscription subscription)
    {
        Ended.Add(subscription);
        WhenEnded?.Invoke();
    }

    public void SlowConsumer(Subscription subscription) => Slow.Add(subscription);
}
