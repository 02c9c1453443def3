using System.Numerics;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// One publisher's memory of where subjects lead, valid for one snapshot. It also remembers that a subject is well-formed, so the
/// rules are checked once per subject and not once per message. Bounded: where two subjects want the same place the newer one stays.
/// Not thread-safe: each publisher's stage has its own.
/// </summary>
internal sealed class SubjectCache(RoutingTable table, Limits limits)
{
    private const int SmallestSize = 16;
    private const int LargestSize = 32768;

    private readonly List<Subscription> _matches = [];
    private readonly List<Route> _routes = [];
    private RoutingSnapshot? _snapshot;
    private Entry?[] _entries = [];
    private int _filled;

    /// <summary>Makes the next lookups see the newest snapshot; call it once per received buffer.</summary>
    internal void Refresh()
    {
        var current = table.Current;
        if (ReferenceEquals(current, _snapshot)) return;
        _snapshot = current;
        _routes.Clear();
        if (_filled > 0) Array.Clear(_entries);
        _filled = 0;
    }

    /// <summary>Where the subject leads; null when it is not a subject, and then <paramref name="fault"/> says why.</summary>
    internal Route? Find(ReadOnlySpan<byte> subject, out SubjectFault fault)
    {
        fault = SubjectFault.None;
        var hash = TokenHash.Of(subject, table.Seed);
        if (_entries.Length > 0 && _entries[Slot(hash)] is { } entry && entry.Hash == hash && subject.SequenceEqual(entry.Subject))
            return entry.Route;
        return Resolve(hash, subject, out fault);
    }

    private Route? Resolve(uint hash, ReadOnlySpan<byte> subject, out SubjectFault fault)
    {
        fault = Subject.Validate(subject, limits);
        if (fault != SubjectFault.None) return null;
        _matches.Clear();
        (_snapshot ??= table.Current).Match(subject, _matches);
        var route = Intern();
        if (_filled * 2 >= _entries.Length) Grow();
        ref var place = ref _entries[Slot(hash)];
        if (place is null) _filled++;
        place = new Entry(hash, subject.ToArray(), route);
        return route;
    }

    // Few different routes are in use at a time, and the last ones are the likeliest.
    private Route Intern()
    {
        if (_matches.Count == 0) return Route.Nowhere;
        for (var i = _routes.Count - 1; i >= Math.Max(0, _routes.Count - SmallestSize); i--)
        {
            if (_routes[i].Leads(_matches)) return _routes[i];
        }

        var route = new Route(_matches);
        if (_routes.Count == LargestSize) _routes.Clear();
        _routes.Add(route);
        return route;
    }

    private void Grow()
    {
        if (_entries.Length == LargestSize) return;
        var old = _entries;
        _entries = new Entry?[Math.Max(SmallestSize, old.Length * 2)];
        _filled = 0;
        foreach (var entry in old)
        {
            if (entry is null) continue;
            ref var place = ref _entries[Slot(entry.Hash)];
            if (place is null) _filled++;
            place = entry;
        }
    }

    private int Slot(uint hash) => (int)(hash >> (32 - BitOperations.Log2((uint)_entries.Length)));

    private sealed record Entry(uint Hash, byte[] Subject, Route Route);
}
