namespace UdsBroker.Broker.Load;

/// <summary>
/// The receive rate of each user: all its connections and the datagrams it sends share one allowance. The allowance outlives the last
/// connection until it is paid for, so that nobody gets a new one by reconnecting. Bounded in users. Not thread-safe:
/// <see cref="UserShares"/> guards it.
/// </summary>
/// <param name="bytesPerSecond">What each user may have read within a second; 0 for no bound.</param>
/// <param name="clock">Tells which allowances are full again.</param>
internal sealed class UserRates(long bytesPerSecond, IMonotonicClock clock)
{
    /// <summary>The most users with an allowance of their own; while this many are in debt at once, all others share one.</summary>
    internal const int MaxUsers = 4096;

    private readonly Dictionary<long, ReceiveAllowance> _allowances = [];
    private readonly ReceiveAllowance? _others = ReceiveAllowance.Of(bytesPerSecond);

    /// <summary>Users with an allowance of their own now.</summary>
    internal int Count => _allowances.Count;

    /// <summary>The allowance of a user, or null for any rate.</summary>
    internal ReceiveAllowance? Of(uint? uid)
    {
        if (_others is null) return null;
        var key = UserShares.KeyOf(uid);
        if (_allowances.TryGetValue(key, out var allowance)) return allowance;
        if (_allowances.Count >= MaxUsers) ForgetFull();
        if (_allowances.Count >= MaxUsers) return _others;
        return _allowances[key] = ReceiveAllowance.Of(bytesPerSecond)!;
    }

    // A full allowance equals a new one. A connection may still hold it: then its user has two for a while, each with its own debt.
    private void ForgetFull()
    {
        var now = clock.Milliseconds * TimeSpan.TicksPerMillisecond;
        foreach (var (key, allowance) in _allowances)
        {
            if (allowance.IsFullAt(now)) _allowances.Remove(key);
        }
    }
}
