namespace UdsBroker.Broker.Load;

/// <summary>
/// Decides which connections to shed when the broker holds more bytes than its budget: the heaviest connection of the heaviest user,
/// repeatedly until the rest is within the goal. So some connections of a user with a thousand heavy ones are shed before the only one of
/// another user.
/// </summary>
internal static class Shedding
{
    /// <summary>Chooses the connections to shed, heaviest first, and marks them.</summary>
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
    /// Chooses which shed connections are closed at once, heaviest first, until what the broker holds is within the goal: otherwise peers
    /// that do not read could hold on to memory while new connections take up more. A connection that is checked for the first time is
    /// spared, so that each has at least the time between two checks; the connection itself also spares a peer to which the broker has not
    /// been able to write yet.
    /// </summary>
    /// <param name="connections">All connections and their shares.</param>
    /// <param name="held">The bytes the broker holds.</param>
    /// <param name="goal">The bytes it should hold.</param>
    internal static List<Load<T>> ChooseOverdue<T>(IEnumerable<KeyValuePair<T, ConnectionShare>> connections, long held, long goal)
        where T : notnull
    {
        var late = new List<Load<T>>();
        foreach (var (connection, share) in connections)
        {
            if (share.WasShedAtLastCheck && share.Memory.Bytes is > 0 and var bytes) late.Add(new Load<T>(connection, share, bytes));
            share.WasShedAtLastCheck = share.IsShed;
        }

        late.Sort((one, other) => other.Bytes.CompareTo(one.Bytes));
        var chosen = 0;
        while (chosen < late.Count && held > goal) held -= late[chosen++].Bytes;
        return late[..chosen];
    }

    private static List<Load<T>> Of<T>(Dictionary<UserShare, List<Load<T>>> users, UserShare user)
        where T : notnull
    {
        if (!users.TryGetValue(user, out var loads)) users.Add(user, loads = []);
        return loads;
    }

    /// <summary>A connection and what was held for it when it was checked.</summary>
    internal readonly record struct Load<T>(T Connection, ConnectionShare Share, long Bytes);
}
