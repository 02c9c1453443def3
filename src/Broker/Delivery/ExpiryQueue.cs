using System.Diagnostics.CodeAnalysis;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Finds what has expired among things that are kept elsewhere in another order: a heap by deadline. What goes for another reason stays
/// in the heap until it comes up or there is more of it than of the rest, so that each costs a logarithm and memory follows what is kept.
/// Not thread-safe.
/// </summary>
internal sealed class ExpiryQueue<T>
    where T : class, IExpiring
{
    private const int FewestToSweep = 64;

    private readonly PriorityQueue<T, long> _byDeadline = new();
    private int _gone;

    /// <summary>How many things are in here that are not gone.</summary>
    internal int Count => _byDeadline.Count - _gone;

    /// <summary>As <see cref="Count"/>, and what is gone but not swept yet.</summary>
    internal int Held => _byDeadline.Count;

    internal void Add(T item) => _byDeadline.Enqueue(item, item.Deadline);

    /// <summary>One of the things is gone, whether it had expired or not.</summary>
    internal void Left()
    {
        if (++_gone < FewestToSweep || _gone * 2 < _byDeadline.Count) return;
        var kept = _byDeadline.UnorderedItems.Where(entry => !entry.Element.IsGone).ToArray();
        _byDeadline.Clear();
        _byDeadline.EnqueueRange(kept);
        _gone = 0;
    }

    /// <summary>The thing with the earliest deadline, if that is over. It stays until it is gone.</summary>
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
