namespace UdsBroker.Broker.Buffers;

/// <summary>
/// Gives back the memory of collections that were large once. A collection keeps its capacity when items leave it, and nobody is charged
/// for that; a peer could have each of its connections fill one once.
/// </summary>
internal static class Sparse
{
    /// <summary>The most items for which capacity is kept.</summary>
    internal const int Kept = 1024;

    /// <summary>Fits a table to its items when they are few for it; what that costs is paid by the many that have left.</summary>
    internal static void TrimIfSparse<TKey, TValue>(this Dictionary<TKey, TValue> items)
        where TKey : notnull
    {
        if (IsSparse(items.Count, items.Capacity)) items.TrimExcess();
    }

    /// <summary>Whether so few items are left in a large collection that its memory should be given back.</summary>
    internal static bool IsSparse(int count, int capacity) => capacity > Kept && count < capacity / 8;

    /// <summary>Empties the list.</summary>
    internal static void ClearAndTrim<T>(this List<T> items)
    {
        items.Clear();
        if (items.Capacity > Kept) items.Capacity = 0;
    }

    /// <summary>Empties the set.</summary>
    internal static void ClearAndTrim<T>(this HashSet<T> items)
    {
        items.Clear();
        if (items.Capacity > Kept) items.TrimExcess();
    }
}
