namespace UdsBroker.Broker.Load;

/// <summary>
/// How fast each user may be read, by whatever way: all connections of a user and the datagrams it sends are paid from one allowance. That outlives the last
/// connection until it is whole again, so that nobody has a new one by connecting anew. Bounded in users. Not thread-safe: <see cref="UserShares"/> guards it.
/// </summary>
/// <param name="bytesPerSecond">What each user may have read within a second; 0 for no bound.</param>
/// <param name="clock">Tells which allowances are whole again.</param>
internal sealed class UserRates(long bytesPerSecond, IMonotonicClock clock)
{
    /// <summary>Users whose allowances are told apart; while so many are in debt at once, all others share one.</summary>
    internal const int MaxUsers = 4096;

    private readonly Dictionary<long, ReceiveAllowance> _allowances = [];
    private readonly ReceiveAllowance? _others = ReceiveAllowance.Of(bytesPerSecond);

    /// <summary>Users who are told apart now.</summary>
    internal int Count => _allowances.Count;

    /// <summary>The allowance of a user, or null for any rate.</summary>
    internal ReceiveAllowance? Of(uint? uid)
    {
        if (_others is null) return null;
        var key = UserShares.KeyOf(uid);
        if (_allowances.TryGetValue(key, out var allowance)) return allowance;
        if (_allowances.Count >= MaxUsers) ForgetWhole();
        if (_allowances.Count >= MaxUsers) return _others;
        return _allowances[key] = ReceiveAllowance.Of(bytesPerSecond)!;
    }

    // One that is whole is no different from a new one. A connection may still hold it: then its user has two for a while, each with its own debt.
    private void ForgetWhole()
    {
        var now = clock.Milliseconds * TimeSpan.TicksPerMillisecond;
        foreach (var (key, allowance) in _allowances)
        {
            if (allowance.IsWholeAt(now)) _allowances.Remove(key);
        }
    }
}
