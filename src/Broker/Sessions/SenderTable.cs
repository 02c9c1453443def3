using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Sessions;

/// <summary>
/// An LRU cache of the accounts of datagram senders, by their credentials and addresses from the kernel. When it is full, the sender that
/// has been silent the longest is evicted, and gets a new account if it returns. Not thread-safe.
/// </summary>
/// <param name="max">How many are remembered.</param>
internal sealed class SenderTable(int max)
{
    private readonly Dictionary<byte[], Entry> _entries = new(SubjectBytes.Comparer);
    private Entry? _newest;
    private Entry? _oldest;

    internal int Count => _entries.Count;

    /// <summary>The account of a sender; null when it is not known.</summary>
    /// <param name="key">What the kernel says of it.</param>
    internal PublisherAccount? Find(ReadOnlySpan<byte> key)
    {
        if (!_entries.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var entry)) return null;
        if (entry == _newest) return entry.Account;
        Unlink(entry);
        LinkNewest(entry);
        return entry.Account;
    }

    /// <summary>Adds an unknown sender, and evicts another when there is no room.</summary>
    /// <param name="key">What the kernel says of it; copied.</param>
    /// <param name="account">Its account.</param>
    internal void Add(ReadOnlySpan<byte> key, PublisherAccount account)
    {
        if (_entries.Count == max && _oldest is { } oldest)
        {
            account.Traffic.Hit(Limit.ListenerMaxSenders);
            Unlink(oldest);
            _entries.Remove(oldest.Key);
        }

        var entry = new Entry(key.ToArray(), account);
        _entries.Add(entry.Key, entry);
        LinkNewest(entry);
    }

    private void LinkNewest(Entry entry)
    {
        (entry.Older, entry.Newer) = (_newest, null);
        if (_newest is null) _oldest = entry;
        else _newest.Newer = entry;
        _newest = entry;
    }

    private void Unlink(Entry entry)
    {
        if (entry.Newer is null) _newest = entry.Older;
        else entry.Newer.Older = entry.Older;
        if (entry.Older is null) _oldest = entry.Newer;
        else entry.Older.Newer = entry.Newer;
    }

    private sealed class Entry(byte[] key, PublisherAccount account)
    {
        internal byte[] Key => key;

        internal PublisherAccount Account => account;

        internal Entry? Newer { get; set; }

        internal Entry? Older { get; set; }
    }
}
