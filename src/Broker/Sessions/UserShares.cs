using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Sessions;

/// <summary>The shares of all users who are connected. One lives from its user's first connection to the end of the last. Thread-safe.</summary>
/// <param name="limits">The limits of each user.</param>
/// <param name="broker">The meter of the whole broker.</param>
internal sealed class UserShares(UserLimits limits, MemoryMeter broker)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, UserShare> _shares = [];

    /// <summary>Users who are connected.</summary>
    internal int Count
    {
        get
        {
            lock (_lock) return _shares.Count;
        }
    }

    /// <summary>Takes a connection of the user's share; null when it has as many as it may. The caller gives it back to <see cref="Return"/>.</summary>
    internal UserShare? TryConnect(uint? uid)
    {
        lock (_lock)
        {
            if (!_shares.TryGetValue(KeyOf(uid), out var share)) _shares.Add(KeyOf(uid), share = new UserShare(uid, limits, broker));
            return share.TryTakeConnection() ? share : null;
        }
    }

    /// <summary>A connection that was taken of this share has ended.</summary>
    internal void Return(UserShare share)
    {
        lock (_lock)
        {
            if (share.ReturnConnection()) _shares.Remove(KeyOf(share.Uid));
        }
    }

    private static long KeyOf(uint? uid) => uid ?? -1L;
}
