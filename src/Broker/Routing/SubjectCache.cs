using System.Buffers;
using System.Numerics;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// One publisher's memory of where subjects lead, valid for one snapshot and one set of access rules. It also remembers that a
/// subject is well-formed and allowed, so the rules are checked once per subject and not once per message. Bounded in subjects, where too many want the same places a newer
/// one stays, and in the subscriptions their routes list. Not thread-safe: each publisher's stage has its own.
/// </summary>
/// <param name="table">Where the newest snapshot is.</param>
/// <param name="limits">The limits in force.</param>
/// <param name="start">Any number that differs between publishers, so that not all begin with the same member of a queue group.</param>
/// <param name="access">What the publisher may publish; null when the caller asks that itself.</param>
internal sealed class SubjectCache(RoutingTable table, Limits limits, uint start, PeerAccess? access)
{
    private const int SmallestSize = 16;
    private const int LargestSize = 32768;

    /// <summary>The places a subject may have, next to each other: with one alone, two subjects in turn would push each other out for ever.</summary>
    private const int Ways = 4;

    /// <summary>Subscriptions in all remembered routes, 8 bytes each and more; one that is larger is still remembered alone.</summary>
    private const int LargestWeight = 1 << 20;

    /// <summary>Few different routes are in use at a time: so many of the last ones are compared.</summary>
    private const int RecentRoutes = 16;

    private const uint SpreadStep = 0x9E3779B1;

    /// <summary>A rest of an inbox subject of these alone is one well-formed token.</summary>
    private static readonly SearchValues<byte> InboxNames = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"u8);

    private readonly List<Subscription> _matches = [];
    private readonly Route?[] _recent = new Route?[RecentRoutes];
    private RoutingSnapshot? _snapshot;
    private PeerRules? _rules;
    private Entry?[] _entries = [];
    private int _filled;
    private int _weight;
    private uint _made;
    private uint _replaced;

    /// <summary>Makes the next lookups see the newest snapshot and access rules; call it once per received buffer.</summary>
    internal void Refresh()
    {
        var current = table.Current;
        var rules = access?.Rules;
        if (ReferenceEquals(current, _snapshot) && ReferenceEquals(rules, _rules)) return;
        _snapshot = current;
        _rules = rules;
        Forget();
    }

    /// <summary>
    /// Where the subject leads; null when it is not a subject, and then <paramref name="fault"/> says why, and when the publisher may not
    /// publish to it, and then there is no fault.
    /// </summary>
    internal Route? Find(ReadOnlySpan<byte> subject, out SubjectFault fault)
    {
        if (subject[0] == '_' && ReservedSubjects.IsInbox(subject)) return FindInbox(subject, out fault);
        fault = SubjectFault.None;
        var hash = TokenHash.Of(subject, table.Seed);
        if (_entries.Length > 0)
        {
            var home = Home(hash);
            for (var way = 0; way < Ways && _entries[(home + way) & (_entries.Length - 1)] is { } entry; way++)
            {
                if (entry.Hash == hash && subject.SequenceEqual(entry.Subject)) return entry.Route;
            }
        }

        return Resolve(hash, subject, out fault);
    }

    // Each reply subject is used once: remembering it would push out those that are used again.
    private Route? FindInbox(ReadOnlySpan<byte> subject, out SubjectFault fault)
    {
        _snapshot ??= table.Current;
        if (_snapshot.FindInbox(subject, out var hasPatterns) is { } inbox && !subject[ReservedSubjects.InboxPrefixLength..].ContainsAnyExcept(InboxNames))
        {
            fault = SubjectFault.None;
            return inbox;
        }

        fault = Subject.Validate(subject, limits);
        if (fault != SubjectFault.None) return null;
        if (!hasPatterns) return _snapshot.FindInbox(subject, out _) ?? Route.Gone;
        _matches.Clear();
        _snapshot.Match(subject, _matches);
        return _matches.Count == 0 ? Route.Gone : Intern();
    }

    private Route? Resolve(uint hash, ReadOnlySpan<byte> subject, out SubjectFault fault)
    {
        fault = Subject.Validate(subject, limits);
        if (fault != SubjectFault.None) return null;
        _matches.Clear();
        var route = Lead(subject);
        if (_filled * 2 >= _entries.Length && _entries.Length < LargestSize) Grow();
        Remember(new Entry(hash, subject.ToArray(), route));
        return route;
    }

    private Route? Lead(ReadOnlySpan<byte> subject)
    {
        if ((_rules ??= access?.Rules)?.Publish(subject).IsAllowed == false) return null;
        (_snapshot ??= table.Current).Match(subject, _matches);
        return Intern();
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
            _entries[(home + (int)(_replaced++ % Ways)) & (_entries.Length - 1)] = entry;
            return;
        }

        Grow();
        Remember(entry);
    }

    private Route Intern()
    {
        if (_matches.Count == 0) return Route.Nowhere;
        for (uint i = 1; i <= RecentRoutes; i++)
        {
            if (_recent[(_made - i) % RecentRoutes] is { } recent && recent.Leads(_matches)) return recent;
        }

        if (_weight > LargestWeight - _matches.Count) Forget();
        _weight += _matches.Count;
        var route = new Route(_matches, start + (_made * SpreadStep));
        _recent[_made++ % RecentRoutes] = route;
        return route;
    }

    private void Forget()
    {
        Array.Clear(_recent);
        if (_filled > 0) Array.Clear(_entries);
        _filled = 0;
        _weight = 0;
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

    private sealed record Entry(uint Hash, byte[] Subject, Route? Route);
}
