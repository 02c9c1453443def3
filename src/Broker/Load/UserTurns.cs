using System.Diagnostics.CodeAnalysis;

namespace UdsBroker.Broker.Load;

/// <summary>
/// Work that waits for one worker, with a queue for each user. Users take turns, so that a user with a thousand busy connections makes
/// another wait for one piece of work and not for all of it. The work of one user is done in the order in which it came. Not thread-safe.
/// </summary>
internal sealed class UserTurns<T>
{
    private readonly Dictionary<long, Queue<T>> _waiting = [];
    private readonly Queue<long> _turns = [];

    /// <summary>True when nothing waits.</summary>
    internal bool IsEmpty => _turns.Count == 0;

    /// <summary>Adds work after all other waiting work of the user.</summary>
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

    /// <summary>Takes the first work of the user whose turn it is, whose next turn comes after those of all others.</summary>
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
