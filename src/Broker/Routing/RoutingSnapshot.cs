using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// An immutable view of all subscriptions. Publishers match on the newest one without a lock; the router makes a new one for each
/// batch of changes. Any thread may read it for as long as it likes.
/// </summary>
internal sealed class RoutingSnapshot
{
    private readonly PatternNode _root;
    private readonly ulong _seed;

    private RoutingSnapshot(PatternNode root, ulong seed, int count)
    {
        _root = root;
        _seed = seed;
        Count = count;
    }

    /// <summary>How many subscriptions there are, the inboxes of connections included.</summary>
    internal int Count { get; }

    internal static RoutingSnapshot Empty(ulong seed) => new(PatternNode.Empty, seed, 0);

    internal RoutingSnapshot With(Subscription subscription) =>
        new(_root.With(subscription, new SubjectTokenizer(subscription.Pattern.Span), _seed), _seed, Count + 1);

    /// <summary>The snapshot without the subscription; itself when it is not in there.</summary>
    internal RoutingSnapshot Without(Subscription subscription)
    {
        var root = _root.Without(subscription, new SubjectTokenizer(subscription.Pattern.Span), _seed);
        return ReferenceEquals(root, _root) ? this : new RoutingSnapshot(root ?? PatternNode.Empty, _seed, Count - 1);
    }

    /// <summary>
    /// Adds every subscription whose pattern matches the valid subject. Subjects that begin with <c>$</c>, the inboxes of
    /// connections and requests to the broker are reached only by patterns that name their first token: <c>&gt;</c> does not overhear replies.
    /// </summary>
    internal void Match(ReadOnlySpan<byte> subject, List<Subscription> matches)
    {
        var tokens = new SubjectTokenizer(subject);
        if (ReservedSubjects.IsHidden(subject)) _root.MatchBelowLiteral(tokens, _seed, matches);
        else _root.Match(tokens, _seed, matches);
    }
}
