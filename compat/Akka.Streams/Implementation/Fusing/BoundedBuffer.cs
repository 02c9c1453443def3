namespace Akka.Streams.Implementation.Fusing;

/// <summary>A queue with a capacity, and what the dropping strategies do when it is full.</summary>
internal sealed class BoundedBuffer<T>(int capacity)
{
    private readonly LinkedList<T> _elements = new();

    public int Count => _elements.Count;

    public bool IsFull => _elements.Count >= capacity;

    public void Enqueue(T element) => _elements.AddLast(element);

    public T Dequeue()
    {
        var element = _elements.First.Value;
        _elements.RemoveFirst();
        return element;
    }

    /// <summary>Adds an element to the full buffer at the cost of another one, or not at all.</summary>
    public void EnqueueDropping(T element, OverflowStrategy strategy)
    {
        switch (strategy)
        {
            case OverflowStrategy.DropHead:
                _elements.RemoveFirst();
                break;
            case OverflowStrategy.DropTail:
                _elements.RemoveLast();
                break;
            case OverflowStrategy.DropBuffer:
                _elements.Clear();
                break;
            case OverflowStrategy.DropNew:
                return;
            default:
                throw new ArgumentOutOfRangeException(nameof(strategy), strategy, "not a dropping strategy");
        }

        _elements.AddLast(element);
    }
}
