using System.Collections;
using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// The subscriptions that one publisher has to wait for, each once, in the order in which it met them. A set finds duplicates, because a
/// buffer of small runs may meet thousands of stalled subscriptions repeatedly. Costs nothing while empty. Not thread-safe.
/// </summary>
internal sealed class HoldingSubscriptions : IReadOnlyList<Subscription>
{
    private List<Subscription>? _inOrder;
    private HashSet<Subscription>? _known;

    public int Count => _inOrder?.Count ?? 0;

    public Subscription this[int index] => _inOrder![index];

    public IEnumerator<Subscription> GetEnumerator() => (_inOrder ??= []).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(Subscription subscription)
    {
        if ((_known ??= []).Add(subscription)) (_inOrder ??= []).Add(subscription);
    }

    internal void Clear()
    {
        _inOrder?.ClearAndTrim();
        _known?.ClearAndTrim();
    }
}
