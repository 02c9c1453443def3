using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// One position in the trie of patterns, immutable: the path from the root spells tokens, with <c>*</c> as a way of its own.
/// </summary>
/// <param name="Here">Subscriptions whose pattern ends exactly here.</param>
/// <param name="Tail">Subscriptions whose pattern goes on with <c>&gt;</c>: they match one or more further tokens.</param>
/// <param name="Star">Where <c>*</c> leads, or null.</param>
/// <param name="Children">Where literal tokens lead.</param>
internal sealed record PatternNode(Subscription[] Here, Subscription[] Tail, PatternNode? Star, TokenMap<PatternNode> Children)
{
    internal static readonly PatternNode Empty = new([], [], null, TokenMap<PatternNode>.Empty);

    private bool IsEmpty => Here.Length == 0 && Tail.Length == 0 && Star is null && Children.Count == 0;

    internal bool HasChild(uint hash, ReadOnlySpan<byte> token) => Children.Find(hash, token) is not null;

    internal PatternNode With(Subscription subscription, SubjectTokenizer rest, ulong seed)
    {
        if (!rest.MoveNext()) return this with { Here = [.. Here, subscription] };
        if (rest.Current is [(byte)'>']) return this with { Tail = [.. Tail, subscription] };
        if (rest.Current is [(byte)'*']) return this with { Star = (Star ?? Empty).With(subscription, rest, seed) };
        var hash = TokenHash.Of(rest.Current, seed);
        var child = Children.Find(hash, rest.Current) ?? Empty;
        return this with { Children = Children.With(hash, rest.Current.ToArray(), child.With(subscription, rest, seed)) };
    }

    /// <summary>The trie without the subscription, the same when it is not in there, or null when nothing is left below this node.</summary>
    internal PatternNode? Without(Subscription subscription, SubjectTokenizer rest, ulong seed)
    {
        PatternNode smaller;
        if (!rest.MoveNext()) smaller = WithoutHere(subscription);
        else if (rest.Current is [(byte)'>']) smaller = WithoutTail(subscription);
        else if (rest.Current is [(byte)'*']) smaller = WithoutStar(Star?.Without(subscription, rest, seed));
        else
        {
            var hash = TokenHash.Of(rest.Current, seed);
            if (Children.Find(hash, rest.Current) is not { } child) return this;
            var left = child.Without(subscription, rest, seed);
            if (ReferenceEquals(left, child)) return this;
            smaller = this with { Children = left is null ? Children.Without(hash, rest.Current) : Children.With(hash, rest.Current.ToArray(), left) };
        }

        if (ReferenceEquals(smaller, this)) return this;
        return smaller.IsEmpty ? null : smaller;
    }

    /// <summary>Adds every subscription whose pattern matches the rest of the subject. At each node there are at most two ways on: the token and <c>*</c>.</summary>
    /// <param name="subject">The whole subject.</param>
    /// <param name="rest">Its tokens from here on.</param>
    /// <param name="matches">Where they go.</param>
    internal void Match(ReadOnlySpan<byte> subject, ReadOnlySpan<HashedToken> rest, List<Subscription> matches)
    {
        var node = this;
        while (!rest.IsEmpty)
        {
            if (node.Tail.Length > 0) matches.AddRange(node.Tail);
            ref readonly var token = ref rest[0];
            rest = rest[1..];
            node.Star?.Match(subject, rest, matches);
            if (node.Children.Find(token.Hash, token.Of(subject)) is not { } child) return;
            node = child;
        }

        if (node.Here.Length > 0) matches.AddRange(node.Here);
    }

    /// <summary>As <see cref="Match"/>, but only along the literal first token: a reserved tree is not found by wildcards.</summary>
    internal void MatchBelowLiteral(ReadOnlySpan<byte> subject, ReadOnlySpan<HashedToken> rest, List<Subscription> matches) =>
        Children.Find(rest[0].Hash, rest[0].Of(subject))?.Match(subject, rest[1..], matches);

    private PatternNode WithoutHere(Subscription subscription)
    {
        var at = Array.IndexOf(Here, subscription);
        return at < 0 ? this : this with { Here = [.. Here[..at], .. Here[(at + 1)..]] };
    }

    private PatternNode WithoutTail(Subscription subscription)
    {
        var at = Array.IndexOf(Tail, subscription);
        return at < 0 ? this : this with { Tail = [.. Tail[..at], .. Tail[(at + 1)..]] };
    }

    private PatternNode WithoutStar(PatternNode? left) => ReferenceEquals(left, Star) ? this : this with { Star = left };
}
