using UdsBroker.Broker.Delivery;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// An immutable view of all subscriptions. Publishers match on the newest one without a lock; the router makes a new one for each
/// batch of changes. Any thread may read it for any length of time.
/// </summary>
internal sealed class RoutingSnapshot
{
    private readonly PatternNode _root;
    private readonly TokenMap<ConnectionInbox> _inboxes;
    private readonly bool _hasPatternsInInboxes;
    private readonly ulong _seed;

    private RoutingSnapshot(ulong seed) => (_root, _seed) = (PatternNode.Empty, seed);

    // The inboxes have changed.
    private RoutingSnapshot(RoutingSnapshot before, TokenMap<ConnectionInbox> inboxes, int more)
    {
        (_root, _inboxes, _seed) = (before._root, inboxes, before._seed);
        (_hasPatternsInInboxes, HasSystemPatterns) = (before._hasPatternsInInboxes, before.HasSystemPatterns);
        (Count, ClientCount) = (before.Count + more, before.ClientCount);
    }

    // One of the patterns has changed.
    private RoutingSnapshot(RoutingSnapshot before, PatternNode root, ReadOnlySpan<byte> pattern, int more)
    {
        (_root, _inboxes, _seed) = (root, before._inboxes, before._seed);
        _hasPatternsInInboxes = pattern.StartsWith(InboxToken) ? HasPatterns(InboxToken) : before._hasPatternsInInboxes;
        HasSystemPatterns = pattern.StartsWith(SystemToken) ? HasPatterns(SystemToken) : before.HasSystemPatterns;
        (Count, ClientCount) = (before.Count + more, before.ClientCount + more);
    }

    private static ReadOnlySpan<byte> InboxToken => "_INBOX"u8;

    private static ReadOnlySpan<byte> SystemToken => "$SYS"u8;

    /// <summary>The tree of patterns, without the inboxes of connections.</summary>
    internal PatternNode Patterns => _root;

    /// <summary>How many subscriptions there are, the inboxes of connections included.</summary>
    internal int Count { get; }

    /// <summary>How many subscriptions clients have made.</summary>
    internal int ClientCount { get; }

    /// <summary>Whether anybody subscribes below <c>$SYS.</c>; otherwise the broker's own messages need not be encoded.</summary>
    internal bool HasSystemPatterns { get; }

    /// <summary>The connected clients, each with an inbox, in no order.</summary>
    internal IEnumerable<IClientRecord> Clients => _inboxes.Entries.Select(inbox => inbox.Route.Subscriptions[0].Client).OfType<IClientRecord>();

    internal static RoutingSnapshot Empty(ulong seed) => new(seed);

    /// <summary>
    /// The connected clients whose presence a pattern below <c>$SYS.</c> may match, in no order: all, or the one that it names. What asks
    /// for something else, such as the interest in a subject, finds none without a look at all.
    /// </summary>
    internal IEnumerable<IClientRecord> ClientsFor(ReadOnlySpan<byte> pattern) => ClientNamedIn(pattern, out var id)
        ? _inboxes.Find(TokenHash.Of(id, _seed), id) is [var inbox] && inbox.Route.Subscriptions[0].Client is { } client ? [client] : []
        : Clients;

    /// <summary>How many clients that is at most.</summary>
    internal int MostClientsFor(ReadOnlySpan<byte> pattern) => ClientNamedIn(pattern, out _) ? 1 : Count;

    internal RoutingSnapshot With(Subscription subscription)
    {
        var pattern = subscription.Pattern;
        if (!subscription.IsInbox) return new RoutingSnapshot(this, _root.WithBelow(subscription, pattern, _seed), pattern.Span, 1);
        var id = ConnectionInbox.IdOf(pattern.Span);
        return new RoutingSnapshot(this, _inboxes.With(id, new ConnectionInbox(TokenHash.Of(id, _seed), new Route([subscription], start: 0))), 1);
    }

    /// <summary>The snapshot without the subscription; itself when it is not in there.</summary>
    internal RoutingSnapshot Without(Subscription subscription)
    {
        if (subscription.IsInbox) return WithoutInbox(subscription);
        var root = _root.WithoutBelow(subscription, subscription.Pattern, _seed);
        return ReferenceEquals(root, _root) ? this : new RoutingSnapshot(this, root, subscription.Pattern.Span, -1);
    }

    /// <summary>
    /// The route of a subject below <c>_INBOX.</c>, to the connection whose identity it names. Null when there is none, or when some client
    /// subscribes below its own inbox as well, so that the patterns have to be matched.
    /// </summary>
    internal Route? FindInbox(ReadOnlySpan<byte> subject, out bool hasPatterns)
    {
        hasPatterns = _hasPatternsInInboxes;
        return hasPatterns ? null : InboxOf(subject);
    }

    /// <summary>The inbox of a connection; null when it is not connected.</summary>
    internal Route? FindInbox(Guid owner)
    {
        Span<byte> prefix = stackalloc byte[ReservedSubjects.InboxPrefixLength];
        ReservedSubjects.WriteInboxPrefix(prefix, owner);
        var id = ConnectionInbox.IdOf(prefix);
        return _inboxes.Find(TokenHash.Of(id, _seed), id) is [var inbox] ? inbox.Route : null;
    }

    /// <summary>
    /// Adds every subscription whose pattern matches the valid subject. Subjects that begin with <c>$</c>, the inboxes of
    /// connections and requests to the broker are matched only by patterns that name their first token, so that <c>&gt;</c> cannot overhear
    /// replies.
    /// </summary>
    internal void Match(ReadOnlySpan<byte> subject, List<Subscription> matches)
    {
        Span<HashedToken> tokens = stackalloc HashedToken[HashedToken.Count(subject)];
        HashedToken.Split(subject, _seed, tokens);
        if (!ReservedSubjects.IsHidden(subject))
        {
            _root.Match(subject, tokens, 0, matches);
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
        var id = ConnectionInbox.IdOf(subject);
        return _inboxes.Find(TokenHash.Of(id, _seed), id) is [var inbox] ? inbox.Route : null;
    }

    private RoutingSnapshot WithoutInbox(Subscription inbox)
    {
        var id = ConnectionInbox.IdOf(inbox.Pattern.Span);
        var hash = TokenHash.Of(id, _seed);
        return _inboxes.Find(hash, id) is [_] ? new RoutingSnapshot(this, _inboxes.Without(hash, id), -1) : this;
    }

    // False when the pattern is for any client. Its third token is the identity; a pattern of fewer, and without ">", is for none.
    private static bool ClientNamedIn(ReadOnlySpan<byte> pattern, out ReadOnlySpan<byte> id)
    {
        id = default;
        var parts = new SubjectTokenizer(pattern);
        for (var place = 0; place < 3; place++)
        {
            if (!parts.MoveNext()) return true;
            if (parts.Current is [(byte)'>']) return false;
        }

        if (parts.Current is [(byte)'*']) return false;
        id = parts.Current;
        return true;
    }

    private bool HasPatterns(ReadOnlySpan<byte> firstToken) => !_root.Children.Find(TokenHash.Of(firstToken, _seed), firstToken).IsEmpty;
}
