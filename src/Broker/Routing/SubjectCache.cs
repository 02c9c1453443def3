using System.Buffers;
using System.Numerics;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// One publisher's cache from subjects to routes, valid for one snapshot and one set of access rules. It also caches that a subject is
/// well-formed and allowed, so the rules are checked once per subject and not once per message. It is bounded in subjects (of too many in
/// the same slots a newer one stays), in the subscriptions that their routes list, and in the bytes that the caches of all publishers of
/// one user take together. Not thread-safe: each publisher's stage has its own.
/// </summary>
/// <param name="table">Where the newest snapshot is.</param>
/// <param name="limits">The limits in force.</param>
/// <param name="start">Any number that differs between publishers, so that not all begin with the same member of a queue group.</param>
/// <param name="access">What the publisher may publish; null when the caller checks that itself.</param>
/// <param name="memory">Is charged for the cached bytes; null for the broker's own publishers, which are few.</param>
internal sealed class SubjectCache(RoutingTable table, Limits limits, uint start, PeerAccess? access, MemoryMeter? memory = null)
{
    private const int SmallestSize = 16;
    private const int LargestSize = 32768;

    /// <summary>
    /// The associativity: the adjacent slots that a subject may have. With a single slot, two alternating subjects would evict each other
    /// forever.
    /// </summary>
    private const int Ways = 4;

    /// <summary>The most subscriptions in all cached routes, 8 bytes each and more; a route that is larger is still cached alone.</summary>
    private const int LargestWeight = 1 << 20;

    /// <summary>How many recent routes are compared with a new one, because few different routes are in use at a time.</summary>
    private const int RecentRoutes = 16;

    /// <summary>
    /// The approximate bytes of an entry without its subject, of a route, and of each subscription in a route, if all are on different
    /// connections.
    /// </summary>
    private const int EntryBytes = 96;
    private const int RouteBytes = 128;
    private const int MatchBytes = 96;

    private const uint SpreadStep = 0x9E3779B1;

    /// <summary>The rest of an inbox subject is one well-formed token if it has only these characters.</summary>
    private static readonly SearchValues<byte> InboxNames = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"u8);

    // Null until it is first used after a refresh, so that idle connections do not keep old snapshots alive.
    private RoutingSnapshot? _snapshot;
    private List<Subscription>? _found;
    private Route?[]? _recent;
    private PeerRules? _rules;
    private Entry?[] _entries = [];
    private int _filled;
    private int _weight;
    private long _charged;
    private bool _isReleased;
    private uint _made;
    private uint _replaced;

    private List<Subscription> Matches => _found ??= [];

    /// <summary>Makes the next look-ups use the newest snapshot and access rules; call it once per received buffer.</summary>
    internal void Refresh()
    {
        var current = table.Current;
        var rules = access?.Rules;
        if ((_snapshot is null || ReferenceEquals(current, _snapshot)) && ReferenceEquals(rules, _rules)) return;
        _snapshot = null;
        _rules = rules;
        Forget();
    }

    /// <summary>Clears the cache for good, when the publisher has ended.</summary>
    internal void Release()
    {
        _isReleased = true;
        Forget();
    }

    /// <summary>
    /// The route of the subject; null when it is not a valid subject or the publisher may not publish to it. The caller finds out which if
    /// it has to say so.
    /// </summary>
    internal Route? Find(ReadOnlySpan<byte> subject)
    {
        if (subject[0] == '_' && ReservedSubjects.IsInbox(subject)) return FindInbox(subject);
        var hash = TokenHash.Of(subject, table.Seed);
        if (_entries.Length > 0)
        {
            var home = Home(hash);
            for (var way = 0; way < Ways && _entries[(home + way) & (_entries.Length - 1)] is { } entry; way++)
            {
                if (entry.Hash == hash && subject.SequenceEqual(entry.Subject)) return entry.Route;
            }
        }

        return Resolve(hash, subject);
    }

    // Reply subjects are used once: caching them would evict subjects that are used again.
    private Route? FindInbox(ReadOnlySpan<byte> subject)
    {
        _snapshot ??= table.Current;
        if (_snapshot.FindInbox(subject, out var hasPatterns) is { } inbox && !subject[ReservedSubjects.InboxPrefixLength..].ContainsAnyExcept(InboxNames))
            return inbox;
        if (Subject.Validate(subject, limits) != SubjectFault.None) return null;
        if (!hasPatterns) return _snapshot.FindInbox(subject, out _) ?? Route.Gone;
        Matches.Clear();
        _snapshot.Match(subject, Matches);
        return Matches.Count == 0 ? Route.Gone : Intern(HasRoom(CostOfRoute()));
    }

    private Route? Resolve(uint hash, ReadOnlySpan<byte> subject)
    {
        if (Subject.Validate(subject, limits) != SubjectFault.None) return null;
        Matches.Clear();
        var isAllowed = (_rules ??= access?.Rules)?.Publish(subject).IsAllowed != false;
        if (isAllowed) (_snapshot ??= table.Current).Match(subject, Matches);
        var isKept = HasRoom(EntryBytes + subject.Length + CostOfRoute());
        var route = isAllowed ? Intern(isKept) : null;
        if (!isKept) return route;
        if (_filled * 2 >= _entries.Length && _entries.Length < LargestSize) Grow();
        var entry = new Entry(hash, subject.ToArray(), route);
        Charge(entry.Cost);
        Remember(entry);
        return route;
    }

    // Clears the cache if that makes room; if it does not, because other publishers of the user take all of it, the cache stays.
    private bool HasRoom(long cost)
    {
        if (_isReleased) return false;
        if (memory is null || memory.HasRoomFor(cost)) return true;
        if (cost > memory.Bound - memory.Bytes + _charged) return false;
        Forget();
        return true;
    }

    private long CostOfRoute() => Matches.Count == 0 ? 0 : RouteBytes + ((long)MatchBytes * Matches.Count);

    private void Charge(long bytes)
    {
        _charged += bytes;
        memory?.Add(bytes);
    }

    private void Remember(Entry entry)
    {
        var home = Home(entry.Hash);
        for (var way = 0; way < Ways; way++)
        {
            ref var place = ref _entries[(home + way) & (_entries.Length - 1)];
            if (place is not null) continue;
            place = entry;
            _filled++;
            return;
        }

        if (_entries.Length == LargestSize)
        {
            ref var place = ref _entries[(home + (int)(_replaced++ % Ways)) & (_entries.Length - 1)];
            Charge(-place!.Cost);
            place = entry;
            return;
        }

        Grow();
        Remember(entry);
    }

    // The list is given back when it is large: it is needed once for a subject, and each publisher has one.
    private Route Intern(bool isKept)
    {
        var route = Matches.Count == 0 ? Route.Nowhere : InternMatches(isKept);
        Matches.ClearAndTrim();
        return route;
    }

    private Route InternMatches(bool isKept)
    {
        for (uint i = 1; i <= RecentRoutes; i++)
        {
            if (_recent?[(_made - i) % RecentRoutes] is { } recent && recent.LeadsTo(Matches)) return recent;
        }

        var route = new Route(Matches, start + (_made * SpreadStep));
        if (!isKept) return route;
        if (_weight > LargestWeight - Matches.Count) Forget();
        _weight += Matches.Count;
        Charge(CostOfRoute());
        (_recent ??= new Route?[RecentRoutes])[_made++ % RecentRoutes] = route;
        return route;
    }

    private void Forget()
    {
        if (_recent is not null) Array.Clear(_recent);
        if (_entries.Length > Sparse.Kept) _entries = [];
        else if (_filled > 0) Array.Clear(_entries);
        _filled = 0;
        _weight = 0;
        Charge(-_charged);
    }

    private void Grow()
    {
        var old = _entries;
        _entries = new Entry?[Math.Max(SmallestSize, old.Length * 2)];
        _filled = 0;
        foreach (var entry in old)
        {
            if (entry is not null) Remember(entry);
        }
    }

    private int Home(uint hash) => (int)(hash >> (32 - BitOperations.Log2((uint)_entries.Length)));

    private sealed record Entry(uint Hash, byte[] Subject, Route? Route)
    {
        internal long Cost => EntryBytes + Subject.Length;
    }
}
