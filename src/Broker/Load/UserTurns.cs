using System.Diagnostics.CodeAnalysis;

namespace UdsBroker.Broker.Load;

/// <summary>
/// Work that waits for one worker, a queue for each user. Users take turns, so that one who asks for much on a thousand connections makes another wait for one piece
/// of that and not for all of it. Within a user it is first come, first served. Not thread-safe.
/// </summary>
internal sealed class UserTurns<T>
{
    private readonly Dictionary<long, Queue<T>> _waiting = [];
    private readonly Queue<long> _turns = [];

    /// <summary>True when nothing waits.</summary>
    internal bool IsEmpty => _turns.Count == 0;

    /// <summary>Adds work behind all that waits of the user.</summary>
    internal void Add(uint? uid, T work)
    {
        var key = UserShares.KeyOf(uid);
        if (!_waiting.TryGetValue(key, out var queue))
        {
            _waiting.Add(key, queue = new Queue<T>());
            _turns.Enqueue(key);
        }

        queue.Enqueue(work);
    }

    /// <summary>Takes the first work of the user whose turn it is, who then waits behind all others.</summary>
    internal bool TryTake([MaybeNullWhen(false)] out T work)
    {
        work = default;
        if (!_turns.TryDequeue(out var key)) return false;
        var queue = _waiting[key];
        work = queue.Dequeue();
        if (queue.Count > 0) _turns.Enqueue(key);
        else _waiting.Remove(key);
        return true;
    }
}
