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
    private readonly TokenMap<Route> _inboxes;
    private readonly bool _hasPatternsInInboxes;
    private readonly ulong _seed;

    private RoutingSnapshot(PatternNode root, TokenMap<Route> inboxes, ulong seed, int count)
    {
        _root = root;
        _inboxes = inboxes;
        _hasPatternsInInboxes = root.HasChild(TokenHash.Of(InboxToken, seed), InboxToken);
        HasSystemPatterns = root.HasChild(TokenHash.Of(SystemToken, seed), SystemToken);
        _seed = seed;
        Count = count;
    }

    private static ReadOnlySpan<byte> InboxToken => "_INBOX"u8;

    private static ReadOnlySpan<byte> SystemToken => "$SYS"u8;

    /// <summary>The tree of patterns, without the inboxes of connections.</summary>
    internal PatternNode Patterns => _root;

    /// <summary>How many subscriptions there are, the inboxes of connections included.</summary>
    internal int Count { get; }

    /// <summary>How many subscriptions clients have made.</summary>
    internal int ClientCount => Count - _inboxes.Count;

    /// <summary>Whether anybody subscribes to anything that the broker says. It need not be put into words else.</summary>
    internal bool HasSystemPatterns { get; }

    /// <summary>The clients who are there, each with an inbox, in no order.</summary>
    internal IEnumerable<IClientRecord> Clients => _inboxes.Values.Select(route => route.Subscriptions[0].Client).OfType<IClientRecord>();

    internal static RoutingSnapshot Empty(ulong seed) => new(PatternNode.Empty, TokenMap<Route>.Empty, seed, 0);

    internal RoutingSnapshot With(Subscription subscription)
    {
        if (!subscription.IsInbox)
            return new RoutingSnapshot(_root.With(subscription, new SubjectTokenizer(subscription.Pattern.Span), _seed), _inboxes, _seed, Count + 1);
        var id = subscription.Pattern[ReservedSubjects.Inbox.Length..(ReservedSubjects.InboxPrefixLength - 1)];
        return new RoutingSnapshot(_root, _inboxes.With(TokenHash.Of(id.Span, _seed), id, new Route([subscription], start: 0)), _seed, Count + 1);
    }

    /// <summary>The snapshot without the subscription; itself when it is not in there.</summary>
    internal RoutingSnapshot Without(Subscription subscription)
    {
        if (subscription.IsInbox) return WithoutInbox(subscription);
        var root = _root.Without(subscription, new SubjectTokenizer(subscription.Pattern.Span), _seed);
        return ReferenceEquals(root, _root) ? this : new RoutingSnapshot(root ?? PatternNode.Empty, _inboxes, _seed, Count - 1);
    }

    /// <summary>
    /// Where a subject below <c>_INBOX.</c> leads: to the connection whose identity it names. Null when there is none such, or when its owner
    /// subscribes below its own inbox, too, so that the patterns have to be looked at.
    /// </summary>
    internal Route? FindInbox(ReadOnlySpan<byte> subject, out bool hasPatterns)
    {
        hasPatterns = _hasPatternsInInboxes;
        return hasPatterns ? null : InboxOf(subject);
    }

    /// <summary>The inbox of a connection; null when it is not, or no longer, there.</summary>
    internal Route? FindInbox(Guid owner)
    {
        Span<byte> prefix = stackalloc byte[ReservedSubjects.InboxPrefixLength];
        ReservedSubjects.WriteInboxPrefix(prefix, owner);
        var id = IdOf(prefix);
        return _inboxes.Find(TokenHash.Of(id, _seed), id);
    }

    /// <summary>
    /// Adds every subscription whose pattern matches the valid subject. Subjects that begin with <c>$</c>, the inboxes of
    /// connections and requests to the broker are reached only by patterns that name their first token: <c>&gt;</c> does not overhear replies.
    /// </summary>
    internal void Match(ReadOnlySpan<byte> subject, List<Subscription> matches)
    {
        Span<HashedToken> tokens = stackalloc HashedToken[HashedToken.Count(subject)];
        HashedToken.Split(subject, _seed, tokens);
        if (!ReservedSubjects.IsHidden(subject))
        {
            _root.Match(subject, tokens, matches);
            return;
        }

        if (ReservedSubjects.IsInbox(subject) && InboxOf(subject) is { } inbox) matches.AddRange(inbox.Subscriptions);
        _root.MatchBelowLiteral(subject, tokens, matches);
    }

    /// <summary>How many subscriptions match the valid subject.</summary>
    internal int CountMatches(ReadOnlySpan<byte> subject)
    {
        var matches = new List<Subscription>();
        Match(subject, matches);
        return matches.Count;
    }

    private Route? InboxOf(ReadOnlySpan<byte> subject)
    {
        if (subject.Length <= ReservedSubjects.InboxPrefixLength || subject[ReservedSubjects.InboxPrefixLength - 1] != '.') return null;
        var id = IdOf(subject);
        return _inboxes.Find(TokenHash.Of(id, _seed), id);
    }

    private static ReadOnlySpan<byte> IdOf(ReadOnlySpan<byte> inboxSubject) =>
        inboxSubject[ReservedSubjects.Inbox.Length..(ReservedSubjects.InboxPrefixLength - 1)];

    private RoutingSnapshot WithoutInbox(Subscription inbox)
    {
        var id = IdOf(inbox.Pattern.Span);
        var inboxes = _inboxes.Without(TokenHash.Of(id, _seed), id);
        return ReferenceEquals(inboxes, _inboxes) ? this : new RoutingSnapshot(_root, inboxes, _seed, Count - 1);
    }
}
