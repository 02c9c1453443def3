namespace UdsBroker.Broker.Load;

/// <summary>
/// Decides who leaves when the broker holds more bytes than its budget: of the user for whom most is held the connection for which most is
/// held, again and again until the rest is no more than it should be. So a user with a thousand heavy connections pays before another with one.
/// </summary>
internal static class Shedding
{
    /// <summary>Chooses who has to leave, heaviest first, and marks them.</summary>
    /// <param name="connections">All connections and their shares.</param>
    /// <param name="held">The bytes the broker holds.</param>
    /// <param name="goal">The bytes it should hold.</param>
    internal static List<Load<T>> Choose<T>(IEnumerable<KeyValuePair<T, ConnectionShare>> connections, long held, long goal)
        where T : notnull
    {
        var users = new Dictionary<UserShare, List<Load<T>>>();
        foreach (var (connection, share) in connections)
        {
            var bytes = share.Memory.Bytes;
            if (share.IsShed) held -= bytes;
            else if (bytes > 0) Of(users, share.User).Add(new Load<T>(connection, share, bytes));
        }

        foreach (var loads in users.Values) loads.Sort((one, other) => one.Bytes.CompareTo(other.Bytes));
        var chosen = new List<Load<T>>();
        while (held > goal && users.Count > 0)
        {
            var (user, loads) = users.MaxBy(entry => entry.Value.Sum(load => load.Bytes));
            var heaviest = loads[^1];
            loads.RemoveAt(loads.Count - 1);
            if (loads.Count == 0) users.Remove(user);
            heaviest.Share.IsShed = true;
            held -= heaviest.Bytes;
            chosen.Add(heaviest);
        }

        return chosen;
    }

    /// <summary>
    /// Chooses which of those that have to leave may take no more time, heaviest first, until what the broker holds is no more than it should be: else those who do
    /// not read could keep as much again as they had to give up, each time others have taken its place. Whoever is looked at for the first time is left alone, so that
    /// each has the time between two looks at least; and so is, by its connection, whom the broker has not come to write to yet.
    /// </summary>
    /// <param name="connections">All connections and their shares.</param>
    /// <param name="held">The bytes the broker holds.</param>
    /// <param name="goal">The bytes it should hold.</param>
    internal static List<Load<T>> Hurry<T>(IEnumerable<KeyValuePair<T, ConnectionShare>> connections, long held, long goal)
        where T : notnull
    {
        var late = new List<Load<T>>();
        foreach (var (connection, share) in connections)
        {
            if (share.IsLeaving && share.Memory.Bytes is > 0 and var bytes) late.Add(new Load<T>(connection, share, bytes));
            share.IsLeaving = share.IsShed;
        }

        late.Sort((one, other) => other.Bytes.CompareTo(one.Bytes));
        var kept = 0;
        while (kept < late.Count && held > goal) held -= late[kept++].Bytes;
        return late[..kept];
    }

    private static List<Load<T>> Of<T>(Dictionary<UserShare, List<Load<T>>> users, UserShare user)
        where T : notnull
    {
        if (!users.TryGetValue(user, out var loads)) users.Add(user, loads = []);
        return loads;
    }

    /// <summary>A connection and what was held for it when it was looked at.</summary>
    internal readonly record struct Load<T>(T Connection, ConnectionShare Share, long Bytes);
}
