namespace UdsBroker.Broker.Routing;

/// <summary>
/// An immutable map from tokens to entries: a hash trie of 64 ways (Bagwell, "Ideal Hash Trees", 2001) that ends in small tables. A change
/// copies one path of a few small arrays, so a snapshot of a million patterns differs from its predecessor by a kilobyte or two.
/// </summary>
/// <remarks>
/// It is optimized for reading while little of it is in the processor's caches, where each dependent memory access is expensive. So the map
/// is a struct that holds only its root; a directory is an array; and entries lie next to each other in their table, where the processor
/// loads several at once. A thousand entries are one directory away, a million three.
/// </remarks>
internal readonly struct TokenMap<TEntry>
    where TEntry : struct, ITokenEntry
{
    /// <summary>
    /// A table of more entries becomes a directory of tables: twice what the tables of a thousand entries have on average.
    /// </summary>
    internal const int LargestTable = 32;

    /// <summary>A directory with at most this many tables becomes a table again if that has room for all entries.</summary>
    internal const int FewTables = 8;

    private const int BitsPerLevel = 6;
    private const int Ways = 1 << BitsPerLevel;

    /// <summary>
    /// The deepest level of directories; below it, where the hashes are equal in all but two bits, a table is as large as it has to be.
    /// </summary>
    private const int DeepestLevel = 5;

    // A Slot[], which is a directory, a TEntry[], which is a table and not empty, or null for nothing.
    private readonly object? _root;

    private TokenMap(object? root) => _root = root;

    internal static TokenMap<TEntry> Empty => default;

    internal bool IsEmpty => _root is null;

    /// <summary>The entries in no order.</summary>
    internal IEnumerable<TEntry> Entries => EntriesOf(_root);

    /// <summary>The entry, if there is exactly one.</summary>
    internal TEntry? Only => _root is TEntry[] { Length: 1 } table ? table[0] : null;

    /// <summary>The entry of the token by reference: a span of one or none.</summary>
    internal ReadOnlySpan<TEntry> Find(uint hash, ReadOnlySpan<byte> token)
    {
        // A type test followed by a cast: with a pattern variable, the next load would wait for the result of the test, which is another
        // cache miss.
        var at = _root;
        for (var bits = hash; at is Slot[]; bits >>= BitsPerLevel) at = ((Slot[])at)[(int)(bits % Ways)].Below;
        if (at is null) return default;
        var table = (TEntry[])at;
        var index = IndexOf(table, hash, token);
        return index < 0 ? default : table.AsSpan(index, 1);
    }

    /// <summary>The map with this entry for its token, replacing the one that is there.</summary>
    internal TokenMap<TEntry> With(ReadOnlySpan<byte> token, in TEntry entry) => new(With(_root, token, entry, 0));

    /// <summary>The map without the token.</summary>
    internal TokenMap<TEntry> Without(uint hash, ReadOnlySpan<byte> token) => Find(hash, token).IsEmpty ? this : new(Without(_root!, hash, token, 0));

    private static IEnumerable<TEntry> EntriesOf(object? at) => at switch
    {
        Slot[] directory => directory.SelectMany(slot => EntriesOf(slot.Below)),
        TEntry[] table => table,
        _ => [],
    };

    private static object With(object? at, ReadOnlySpan<byte> token, in TEntry entry, int level)
    {
        if (at is Slot[] directory)
        {
            var way = Way(entry.Hash, level);
            return Replace(directory, way, new Slot(With(directory[way].Below, token, entry, level + 1)));
        }

        if (at is not TEntry[] table) return new[] { entry };
        var index = IndexOf(table, entry.Hash, token);
        if (index >= 0) return Replace(table, index, entry);
        var larger = new TEntry[table.Length + 1];
        table.AsSpan().CopyTo(larger);
        larger[^1] = entry;
        return Spread(larger, level);
    }

    // A table, or a directory of tables where there are too many entries for one.
    private static object Spread(TEntry[] entries, int level)
    {
        if (entries.Length <= LargestTable || level == DeepestLevel) return entries;
        var directory = new Slot[Ways];
        foreach (var group in entries.GroupBy(entry => Way(entry.Hash, level))) directory[group.Key] = new Slot(Spread([.. group], level + 1));
        return directory;
    }

    private static object? Without(object at, uint hash, ReadOnlySpan<byte> token, int level)
    {
        if (at is Slot[] directory)
        {
            var way = Way(hash, level);
            var smaller = Replace(directory, way, new Slot(Without(directory[way].Below!, hash, token, level + 1)));
            return HasFewTables(smaller) ? Gathered(smaller) : smaller;
        }

        var table = (TEntry[])at;
        if (table.Length == 1) return null;
        var index = IndexOf(table, hash, token);
        var rest = new TEntry[table.Length - 1];
        table.AsSpan(0, index).CopyTo(rest);
        table.AsSpan(index + 1).CopyTo(rest.AsSpan(index));
        return rest;
    }

    private static bool HasFewTables(Slot[] directory)
    {
        var tables = 0;
        foreach (var slot in directory)
        {
            if (slot.Below is not null && ++tables > FewTables) return false;
        }

        return true;
    }

    private static object Gathered(Slot[] directory)
    {
        if (directory.Any(slot => slot.Below is Slot[])) return directory;
        TEntry[] entries = [.. EntriesOf(directory)];
        return entries.Length <= LargestTable ? entries : directory;
    }

    // Clone is several times slower.
    private static T[] Replace<T>(T[] items, int index, in T item)
    {
        var changed = new T[items.Length];
        items.AsSpan().CopyTo(changed);
        changed[index] = item;
        return changed;
    }

    private static int IndexOf(TEntry[] table, uint hash, ReadOnlySpan<byte> token)
    {
        for (var i = 0; i < table.Length; i++)
        {
            // A readonly reference would copy the entry for each call.
            ref var entry = ref table[i];
            if (entry.Hash == hash && entry.IsAt(token)) return i;
        }

        return -1;
    }

    private static int Way(uint hash, int level) => (int)((hash >> (level * BitsPerLevel)) % Ways);

    /// <summary>A way of a directory: to a directory, to a table or to nothing.</summary>
    private readonly record struct Slot(object? Below);
}
