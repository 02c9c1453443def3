using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// The subscriptions to <c>$SYS.interest.&lt;subject&gt;</c>, whose clients want to know whether anybody subscribes to a subject. It finds
/// the watched subjects whose interest changes between nobody and somebody when subscriptions change. PROTOCOL.md, "What the broker says".
/// </summary>
/// <remarks>
/// Used by the router alone. A change costs nothing while nobody watches; a literal pattern is looked up, and only a pattern with wildcards
/// is compared with every watched subject.
/// </remarks>
internal sealed class InterestTable
{
    private readonly Dictionary<byte[], Watch> _watches = new(SubjectBytes.Comparer);
    private readonly HashSet<Watch> _affected = [];
    private readonly List<Subscription> _matches = [];

    /// <summary>Records that a subscription begins or ends; returns how many watched subjects it was compared with.</summary>
    internal int Apply(in RoutingChange change)
    {
        var pattern = change.Subscription.Pattern;
        if (pattern.Span.StartsWith(ReservedSubjects.Interest)) UpdateWatch(change, pattern.Span[ReservedSubjects.Interest.Length..]);
        return _watches.Count > 0 ? MarkAffected(pattern.Span) : 0;
    }

    /// <summary>
    /// The announcements for the subjects that were affected since the last call, according to the snapshot with all changes.
    /// </summary>
    internal List<InterestChange> TakeChanges(RoutingSnapshot snapshot)
    {
        var changes = new List<InterestChange>();
        foreach (var watch in _affected)
        {
            _matches.Clear();
            snapshot.Match(watch.Subject, _matches);
            var count = _matches.Count;
            var hasChanged = watch.HasInterest is { } before && before != count > 0;
            watch.HasInterest = count > 0;
            if (hasChanged || watch.NewWatchers.Count > 0) changes.Add(new InterestChange(watch.Subject, count, hasChanged, [.. watch.NewWatchers]));
            watch.NewWatchers.Clear();
        }

        _affected.ClearAndTrim();
        _matches.Clear();
        return changes;
    }

    private void UpdateWatch(in RoutingChange change, ReadOnlySpan<byte> subject)
    {
        var watches = _watches.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (change.Begins)
        {
            if (!watches.TryGetValue(subject, out var watch)) watches[subject] = watch = new Watch(subject.ToArray());
            watch.Watchers++;
            if (change.Subscription.WantsRetained) watch.NewWatchers.Add(change.Subscription);
            _affected.Add(watch);
        }
        else if (watches.TryGetValue(subject, out var watch))
        {
            watch.NewWatchers.Remove(change.Subscription);
            if (--watch.Watchers > 0) return;
            watches.Remove(subject);
            _affected.Remove(watch);
        }
    }

    private int MarkAffected(ReadOnlySpan<byte> utf8)
    {
        if (!utf8.ContainsAny((byte)'*', (byte)'>'))
        {
            if (_watches.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(utf8, out var watch)) _affected.Add(watch);
            return 1;
        }

        if (!SubjectPattern.TryParse(utf8, out var pattern, out _, Limits.Ceiling)) return 0;
        foreach (var (subject, watch) in _watches)
        {
            if (pattern.Matches(subject)) _affected.Add(watch);
        }

        return _watches.Count;
    }

    private sealed class Watch(byte[] subject)
    {
        internal byte[] Subject => subject;

        internal int Watchers { get; set; }

        /// <summary>What the watchers were told last; null before the first time.</summary>
        internal bool? HasInterest { get; set; }

        /// <summary>Watchers that have not been told anything yet.</summary>
        internal List<Subscription> NewWatchers { get; } = [];
    }
}
