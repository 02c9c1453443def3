using System.Diagnostics.CodeAnalysis;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Sessions;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Messages whose time has not come, within bounds; those that are due at the same moment leave in the order in which they came. Any publisher
/// adds to it, one owner takes what is due and is woken when something is due earlier than it knows. Thread-safe.
/// </summary>
internal sealed class DelayStore(DelayBounds bounds, SlabPool pool)
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<DelayedMessage, (long Due, ulong Place)> _byTime = new();
    private ulong _lastPlace;
    private long _bytes;
    private Action? _wake;

    /// <summary>How much may wait.</summary>
    internal DelayBounds Bounds => bounds;

    /// <summary>What waits.</summary>
    internal (int Messages, long Bytes) Waiting
    {
        get
        {
            lock (_lock) return (_byTime.Count, _bytes);
        }
    }

    /// <summary>Names whom to wake, from any thread; what came before is found by asking for <see cref="NextDue"/>.</summary>
    internal void Connect(Action wake)
    {
        lock (_lock) _wake = wake;
    }

    /// <summary>Takes a copy of the message; false when there is no room.</summary>
    /// <param name="message">One whole frame with a valid subject, and its deadline.</param>
    /// <param name="due">The moment of <see cref="IMonotonicClock"/> at which it is to be routed.</param>
    /// <param name="isRetained">Whether it is to be retained then.</param>
    internal bool TryAdd(in Run message, long due, bool isRetained)
    {
        Action? wake;
        lock (_lock)
        {
            if (_byTime.Count >= bounds.Messages || _bytes + message.Length > bounds.Bytes) return false;
            var slab = pool.Rent(message.Length);
            message.Bytes.CopyTo(slab.Bytes);
            var isEarliest = NextDue is not { } next || due < next;
            _byTime.Enqueue(new DelayedMessage(slab, message.Length, message.Account, message.Traits.Deadline, isRetained), (due, ++_lastPlace));
            _bytes += message.Length;
            wake = isEarliest ? _wake : null;
        }

        wake?.Invoke();
        return true;
    }

    /// <summary>When the next message is due; null when none waits.</summary>
    internal long? NextDue
    {
        get
        {
            lock (_lock) return _byTime.TryPeek(out _, out var time) ? time.Due : null;
        }
    }

    /// <summary>Takes the next message out if it is due.</summary>
    internal bool TryTakeDue(long now, [NotNullWhen(true)] out DelayedMessage? message)
    {
        lock (_lock)
        {
            if (!_byTime.TryPeek(out message, out var time) || time.Due > now) return false;
            _byTime.Dequeue();
            _bytes -= message.Length;
            return true;
        }
    }

    /// <summary>Gives up everything; how many messages that were.</summary>
    internal int Clear()
    {
        lock (_lock)
        {
            var count = _byTime.Count;
            while (_byTime.TryDequeue(out var message, out _)) message.Release();
            _bytes = 0;
            return count;
        }
    }
}
