namespace UdsBroker.Broker.Load;

/// <summary>
/// Counts how often each user has connected within a second, including users that are no longer connected. Bounded in users. Not
/// thread-safe: <see cref="UserShares"/> guards it.
/// </summary>
/// <param name="clock">Tells the time.</param>
internal sealed class UserConnects(IMonotonicClock clock)
{
    private readonly Dictionary<long, SecondWindow> _windows = [];

    /// <summary>Users with a count of their own now.</summary>
    internal int Count => _windows.Count;

    /// <summary>
    /// Counts one more connection of a user; false when there were <paramref name="max"/> within the second. While too many users connect,
    /// the rest of them share one count.
    /// </summary>
    internal bool TryTake(uint? uid, int max)
    {
        var now = clock.Milliseconds;
        var key = UserShares.KeyOf(uid);
        if (!_windows.ContainsKey(key) && !HasRoom(now)) key = UserShares.Others;
        var window = _windows.GetValueOrDefault(key);
        if (window.WaitFor(max, now) > TimeSpan.Zero) return false;
        window.Take(now);
        _windows[key] = window;
        return true;
    }

    private bool HasRoom(long now)
    {
        if (_windows.Count < UserRates.MaxUsers) return true;
        foreach (var (key, window) in _windows)
        {
            if (window.IsOverAt(now)) _windows.Remove(key);
        }

        return _windows.Count < UserRates.MaxUsers;
    }
}
