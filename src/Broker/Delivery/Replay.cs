using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// The messages that were retained when a subscription began and have not been sent to it yet, in order: references into the store, so that
/// waiting takes eight bytes per message as long as the store keeps them. It belongs to one backlog, before all of its parcels; guarded by
/// the lock of the outbox.
/// </summary>
internal sealed class Replay
{
    private static readonly Gap Expired = new(1, 1);

    private RetainedMessage?[] _messages;
    private readonly PriorityQueue<int, long>? _byDeadline;
    private int _first;
    private int _end;
    private Gap _missed;

    /// <param name="messages">The messages, each of which is retained here.</param>
    internal Replay(ReadOnlySpan<RetainedMessage> messages)
    {
        _messages = new RetainedMessage?[messages.Length];
        _end = messages.Length;
        for (var i = 0; i < messages.Length; i++)
        {
            messages[i].Retain();
            _messages[i] = messages[i];
            Bytes += messages[i].Length;
            if (messages[i].Deadline != 0) (_byDeadline ??= new PriorityQueue<int, long>()).Enqueue(i, messages[i].Deadline);
        }

        Count = messages.Length;
    }

    /// <summary>How many messages are left.</summary>
    internal int Count { get; private set; }

    /// <summary>The bytes of their frames.</summary>
    internal long Bytes { get; private set; }

    /// <summary>True when some of them expire at some time.</summary>
    internal bool CanExpire => _byDeadline is { Count: > 0 };

    /// <summary>The next message, while there is one.</summary>
    internal RetainedMessage First => _messages[_first]!;

    /// <summary>
    /// Removes and returns the gap before the next message, or after the last one when no message is left; the caller reports it.
    /// </summary>
    internal Gap TakeMissed()
    {
        var missed = _missed;
        _missed = default;
        return missed;
    }

    /// <summary>Removes the next message, which was sent.</summary>
    internal void RemoveFirst()
    {
        Remove(_first++);
        PassGaps();
    }

    /// <summary>Drops the next message.</summary>
    internal void DropFirst(DropReason reason)
    {
        First.Account.Dropped(1, reason);
        _missed += Gap.Of(1);
        RemoveFirst();
    }

    /// <summary>Drops the last message; returns the gap after the one before it, which the caller reports.</summary>
    internal Gap DropLast(DropReason reason)
    {
        var missed = Gap.Of(1);
        while (_messages[--_end] is null) missed += Expired;
        _messages[_end]!.Account.Dropped(1, reason);
        Remove(_end);
        PassGaps();
        return missed;
    }

    /// <summary>Drops expired messages anywhere in the sequence; their gaps stay at their places.</summary>
    internal void DropExpired(long now)
    {
        while (_byDeadline is not null && _byDeadline.TryPeek(out var index, out var deadline) && deadline <= now)
        {
            _byDeadline.Dequeue();
            if (_messages[index] is not { } message) continue;
            message.Account.Dropped(1, DropReason.Expired);
            Remove(index);
        }

        PassGaps();
    }

    private void Remove(int index)
    {
        var message = _messages[index]!;
        _messages[index] = null;
        Count--;
        Bytes -= message.Length;
        message.Release();
    }

    // A null place is always an expired message.
    private void PassGaps()
    {
        while (_first < _end && _messages[_first] is null)
        {
            _first++;
            _missed += Expired;
        }

        if (Sparse.IsSparse(_end - _first, _messages.Length)) Fit();
    }

    // Most have left, and the few that still wait, perhaps forever, are charged with their own bytes only.
    private void Fit()
    {
        _messages = _messages[_first.._end];
        (_first, _end) = (0, _messages.Length);
        if (_byDeadline is null) return;
        _byDeadline.Clear();
        for (var i = 0; i < _end; i++)
        {
            if (_messages[i] is { Deadline: not 0 } message) _byDeadline.Enqueue(i, message.Deadline);
        }

        _byDeadline.TrimExcess();
    }
}
