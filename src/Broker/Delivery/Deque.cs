using System.Numerics;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// A growing ring buffer that is cheap while empty or small. The queues of this folder need access to the front, the back and any index by
/// reference, which <see cref="Queue{T}"/> does not offer. A large ring releases its memory when it becomes empty.
/// </summary>
internal sealed class Deque<T>
{
    private const int KeptWhenEmpty = 1024;
    private T[] _items = [];
    private int _head;

    internal int Count { get; private set; }

    internal ref T this[int index] => ref _items[(_head + index) & (_items.Length - 1)];

    internal ref T Back => ref this[Count - 1];

    /// <summary>Makes room for this many more items, so that pushing them allocates nothing.</summary>
    internal void Reserve(int more)
    {
        while (Count + more > _items.Length) Grow();
    }

    internal void PushBack(T item)
    {
        if (Count == _items.Length) Grow();
        Count++;
        Back = item;
    }

    internal void PopFront()
    {
        this[0] = default!;
        _head = (_head + 1) & (_items.Length - 1);
        if (--Count > 0) return;
        _head = 0;
        if (_items.Length > KeptWhenEmpty) _items = [];
    }

    internal void Clear()
    {
        while (Count > 0) PopFront();
    }

    private void Grow()
    {
        var larger = new T[_items.Length == 0 ? 1 : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, _items.Length + 1))];
        for (var i = 0; i < Count; i++) larger[i] = this[i];
        _items = larger;
        _head = 0;
    }
}
