using System.Diagnostics.CodeAnalysis;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// A heap by deadline that finds expired items, which their owner keeps elsewhere in another order. An item that goes for another reason
/// stays in the heap until it comes to the top or such items are the majority, so that each costs logarithmic time and memory is in
/// proportion to what is kept. Not thread-safe.
/// </summary>
internal sealed class ExpiryQueue<T>
    where T : class, IExpiring
{
    private const int MinToSweep = 64;

    private readonly PriorityQueue<T, long> _byDeadline = new();
    private int _gone;

    /// <summary>The number of items that are not gone.</summary>
    internal int Count => _byDeadline.Count - _gone;

    /// <summary>As <see cref="Count"/>, including items that are gone and not swept yet.</summary>
    internal int Held => _byDeadline.Count;

    internal void Add(T item) => _byDeadline.Enqueue(item, item.Deadline);

    /// <summary>Called when one of the items is gone, expired or not.</summary>
    internal void CountGone()
    {
        if (++_gone < MinToSweep || _gone * 2 < _byDeadline.Count) return;
        var kept = _byDeadline.UnorderedItems.Where(entry => !entry.Element.IsGone).ToArray();
        _byDeadline.Clear();
        _byDeadline.EnqueueRange(kept);
        _gone = 0;
    }

    /// <summary>The item with the earliest deadline, if that has passed. It stays in the queue until it is gone.</summary>
    internal bool TryFindExpired(long now, [NotNullWhen(true)] out T? item)
    {
        while (_byDeadline.TryPeek(out item, out var deadline))
        {
            if (!item.IsGone) return deadline <= now;
            _byDeadline.Dequeue();
            _gone--;
        }

        return false;
    }
}
