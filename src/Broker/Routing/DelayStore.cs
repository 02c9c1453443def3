using System.Diagnostics.CodeAnalysis;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// A bounded store of delayed messages; those that are due at the same time leave in the order in which they came. Any publisher adds to
/// it; one owner takes what is due and is woken when something is due earlier than expected. Each message is charged to the user of its
/// publisher until it is taken. Thread-safe.
/// </summary>
internal sealed class DelayStore(DelayBounds bounds, SlabPool pool)
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<DelayedMessage, (long Due, ulong Place)> _byTime = new();
    private readonly KeptShares _shares = new();
    private DelayBounds _bounds = bounds;
    private ulong _lastPlace;
    private Action? _wake;

    /// <summary>How much may wait, from now on; what waits stays.</summary>
    internal DelayBounds Bounds { get => Volatile.Read(ref _bounds); set => Volatile.Write(ref _bounds, value); }

    /// <summary>What waits.</summary>
    internal (int Messages, long Bytes) Waiting
    {
        get
        {
            lock (_lock) return (_shares.Messages, _shares.Bytes);
        }
    }

    /// <summary>What waits of one user.</summary>
    internal (int Messages, long Bytes) WaitingFor(uint? uid)
    {
        lock (_lock) return _shares.Of(uid);
    }

    /// <summary>Users of whom something waits.</summary>
    internal int Users
    {
        get
        {
            lock (_lock) return _shares.Users;
        }
    }

    /// <summary>How often a message was refused because of this bound.</summary>
    internal long RefusedFor(KeptRoom room) => _shares.RefusedFor(room);

    /// <summary>
    /// Sets the callback that wakes the owner, on any thread; for messages that came before, the owner reads <see cref="NextDue"/>.
    /// </summary>
    internal void Connect(Action wake)
    {
        lock (_lock) _wake = wake;
    }

    /// <summary>Takes a copy of the message, if there is room.</summary>
    /// <param name="message">One whole frame with a valid subject, and its deadline.</param>
    /// <param name="due">The moment of <see cref="IMonotonicClock"/> at which it is to be routed.</param>
    /// <param name="isRetained">Whether it is to be retained then.</param>
    internal KeptRoom TryAdd(in Run message, long due, bool isRetained)
    {
        Action? wake;
        lock (_lock)
        {
            var room = _shares.TryTake(message.Account.Uid, message.Length, _bounds.InAll, _bounds.OfUser);
            if (room != KeptRoom.Taken) return room;
            var slab = pool.Rent(message.Length);
            message.Bytes.CopyTo(slab.Bytes);
            var isEarliest = NextDue is not { } next || due < next;
            _byTime.Enqueue(new DelayedMessage(slab, message.Length, message.Account, message.Traits.Deadline, isRetained), (due, ++_lastPlace));
            wake = isEarliest ? _wake : null;
        }

        wake?.Invoke();
        return KeptRoom.Taken;
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
            _shares.Return(message.Uid, message.Length);
            return true;
        }
    }

    /// <summary>Drops everything and returns the number of messages.</summary>
    internal int Clear()
    {
        lock (_lock)
        {
            var count = _byTime.Count;
            while (_byTime.TryDequeue(out var message, out _))
            {
                _shares.Return(message.Uid, message.Length);
                message.Release();
            }

            return count;
        }
    }
}
