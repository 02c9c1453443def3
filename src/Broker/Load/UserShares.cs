using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Load;

/// <summary>
/// The shares of all users who are connected. A share exists from its user's first connection to the end of the last; only the receive rate
/// is remembered longer, and applies to senders of datagrams as well. Thread-safe.
/// </summary>
/// <param name="limits">The limits of each user, at first.</param>
/// <param name="broker">The meter of the whole broker.</param>
/// <param name="clock">The time by which rates are paid.</param>
/// <param name="traffic">Counts how often a limit was hit; null where nobody counts.</param>
internal sealed class UserShares(UserLimits limits, MemoryMeter broker, IMonotonicClock clock, Traffic? traffic = null)
{
    /// <summary>The key for users that are too many to be tracked separately; no uid has this value.</summary>
    internal const long Others = -2;

    private readonly UserConnects _connects = new(clock);
    private readonly Lock _lock = new();
    private readonly Dictionary<long, UserShare> _shares = [];
    private volatile UserLimits _limits = limits;
    private UserRates _rates = new(limits.ReceiveBytesPerSecond, clock);

    /// <summary>The limits of each user, from now on; those who are connected have them at once.</summary>
    internal UserLimits Limits
    {
        get => _limits;
        set
        {
            lock (_lock)
            {
                if (value.ReceiveBytesPerSecond != _limits.ReceiveBytesPerSecond) _rates = new UserRates(value.ReceiveBytesPerSecond, clock);
                _limits = value;
                foreach (var share in _shares.Values) share.Use(value, _rates.Of(share.Uid));
            }
        }
    }

    /// <summary>Users who are connected.</summary>
    internal int Count
    {
        get
        {
            lock (_lock) return _shares.Count;
        }
    }

    /// <summary>Counts a connect attempt of the user; false when it has used up its rate for this second.</summary>
    internal bool TryArrive(uint? uid)
    {
        var most = _limits.MaxConnectsPerSecond;
        if (most == int.MaxValue) return true;
        lock (_lock)
        {
            if (_connects.TryTake(uid, most)) return true;
        }

        traffic?.Hit(Limit.UsersConnectRate);
        return false;
    }

    /// <summary>
    /// Takes a connection of the user's share; null when it has as many as it may. The caller gives it back to <see cref="Return"/>.
    /// </summary>
    internal UserShare? TryConnect(uint? uid)
    {
        lock (_lock)
        {
            if (!_shares.TryGetValue(KeyOf(uid), out var share))
            {
                _shares.Add(KeyOf(uid), share = new UserShare(uid, _limits, broker, traffic));
                share.Use(_limits, _rates.Of(uid));
            }

            return share.TryTakeConnection() ? share : null;
        }
    }

    /// <summary>Returns a connection to this share.</summary>
    internal void Return(UserShare share)
    {
        lock (_lock)
        {
            if (share.ReturnConnection()) _shares.Remove(KeyOf(share.Uid));
        }
    }

    /// <summary>The receive allowance of a user that need not be connected; null for any rate.</summary>
    internal ReceiveAllowance? ReceivingOf(uint? uid)
    {
        if (_limits.ReceiveBytesPerSecond == 0) return null;
        lock (_lock) return _rates.Of(uid);
    }

    /// <summary>The dictionary key of a user: all peers whose uid the kernel cannot name are one user.</summary>
    internal static long KeyOf(uint? uid) => uid ?? -1L;
}
