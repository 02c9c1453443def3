using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// An inner node of the pattern tree, which several patterns share: the path from the root spells their tokens, with <c>*</c> as a separate
/// child. The root is always a node, however few patterns there are.
/// </summary>
/// <param name="Token">The token that leads here; empty for the root.</param>
/// <param name="Here">Subscriptions whose pattern ends exactly here.</param>
/// <param name="Tail">Subscriptions whose pattern goes on with <c>&gt;</c>: they match one or more further tokens.</param>
/// <param name="Star">Where <c>*</c> leads, or null.</param>
/// <param name="Children">Where literal tokens lead.</param>
internal sealed record PatternNode(byte[] Token, SubscriptionList Here, SubscriptionList Tail, PatternTree? Star, TokenMap<PatternEntry> Children) : PatternTree
{
    /// <summary>The root of a tree without patterns.</summary>
    internal static readonly PatternNode Empty = new([], default, default, null, TokenMap<PatternEntry>.Empty);

    /// <summary>A node with the content of a leaf, one token further down.</summary>
    internal static PatternNode Of(PatternLeaf leaf, ulong seed)
    {
        var rest = TokenPath.AfterFirst(leaf.Rest);
        var node = Empty with { Token = TokenPath.First(leaf.Rest.Span).ToArray() };
        if (rest.IsEmpty) return node with { Here = leaf.Subscriptions };
        if (rest.Span is [(byte)'>']) return node with { Tail = leaf.Subscriptions };
        var token = TokenPath.First(rest.Span);
        return node.WithChild(TokenHash.Of(token, seed), token, leaf.Moved(rest.Length - leaf.Rest.Length));
    }

    /// <summary>Whether it has only literal children.</summary>
    internal bool IsPlain => Here.IsEmpty && Tail.IsEmpty && Star is null;

    internal override bool IsAt(ReadOnlySpan<byte> token) => token.SequenceEqual(Token);

    internal override PatternTree With(Subscription subscription, ReadOnlyMemory<byte> rest, ulong seed) => WithBelow(subscription, TokenPath.AfterFirst(rest), seed);

    /// <summary>
    /// As <see cref="With"/>, with the part of the pattern after the token of this node: the whole pattern, for the root.
    /// </summary>
    internal PatternNode WithBelow(Subscription subscription, ReadOnlyMemory<byte> rest, ulong seed)
    {
        if (rest.IsEmpty) return this with { Here = Here.With(subscription) };
        if (rest.Span is [(byte)'>']) return this with { Tail = Tail.With(subscription) };
        var token = TokenPath.First(rest.Span);
        var hash = TokenHash.Of(token, seed);
        return WithChild(hash, token, ChildAt(hash, token)?.With(subscription, rest, seed) ?? new PatternLeaf(rest, default(SubscriptionList).With(subscription)));
    }

    internal override PatternTree? Without(Subscription subscription, ReadOnlyMemory<byte> rest, ulong seed)
    {
        var left = WithoutBelow(subscription, TokenPath.AfterFirst(rest), seed);
        return ReferenceEquals(left, this) ? this : left.Folded();
    }

    /// <summary>
    /// As <see cref="Without"/>, with the part of the pattern after the token of this node; the result is a node even when it is empty.
    /// </summary>
    internal PatternNode WithoutBelow(Subscription subscription, ReadOnlyMemory<byte> rest, ulong seed)
    {
        if (rest.IsEmpty) return WithoutHere(Here.Without(subscription));
        if (rest.Span is [(byte)'>']) return WithoutTail(Tail.Without(subscription));
        var token = TokenPath.First(rest.Span);
        var hash = TokenHash.Of(token, seed);
        if (ChildAt(hash, token) is not { } child) return this;
        var left = child.Without(subscription, rest, seed);
        return ReferenceEquals(left, child) ? this : WithChild(hash, token, left);
    }

    internal override void Match(ReadOnlySpan<byte> subject, ReadOnlySpan<HashedToken> tokens, int depth, List<Subscription> matches)
    {
        if (depth == tokens.Length)
        {
            Here.AddTo(matches);
            return;
        }

        Tail.AddTo(matches);
        Star?.Match(subject, tokens, depth + 1, matches);
        MatchChildren(Children, subject, tokens, depth, matches);
    }

    /// <summary>
    /// As <see cref="Match"/> for the root, but only along the literal first token, because wildcards do not match reserved subjects.
    /// </summary>
    internal void MatchBelowLiteral(ReadOnlySpan<byte> subject, ReadOnlySpan<HashedToken> tokens, List<Subscription> matches) =>
        MatchChildren(Children, subject, tokens, 0, matches);

    // Follows literal tokens through all nodes that have only literal children.
    private static void MatchChildren(
        TokenMap<PatternEntry> children, ReadOnlySpan<byte> subject, ReadOnlySpan<HashedToken> tokens, int depth, List<Subscription> matches)
    {
        while (depth < tokens.Length)
        {
            ref readonly var token = ref tokens[depth++];
            var found = children.Find(token.Hash, token.Of(subject));
            if (found.IsEmpty) return;
            if (!found[0].TryGetChildren(out children))
            {
                found[0].Match(subject, tokens, depth, matches);
                return;
            }
        }
    }

    private PatternNode WithoutHere(SubscriptionList left) => left.IsSame(Here) ? this : this with { Here = left };

    private PatternNode WithoutTail(SubscriptionList left) => left.IsSame(Tail) ? this : this with { Tail = left };

    private PatternTree? ChildAt(uint hash, ReadOnlySpan<byte> token)
    {
        if (token is [(byte)'*']) return Star;
        return Children.Find(hash, token) is [var entry] ? entry.Tree : null;
    }

    private PatternNode WithChild(uint hash, ReadOnlySpan<byte> token, PatternTree? child)
    {
        if (token is [(byte)'*']) return this with { Star = child };
        return this with { Children = child is null ? Children.Without(hash, token) : Children.With(token, new PatternEntry(hash, child)) };
    }

    // A node with a single pattern becomes a leaf again; null when it is empty.
    private PatternTree? Folded()
    {
        var parts = (Here.IsEmpty ? 0 : 1) + (Tail.IsEmpty ? 0 : 1) + (Star is null ? 0 : 1) + (Children.IsEmpty ? 0 : 1);
        if (parts == 0) return null;
        if (parts > 1) return this;
        if (!Here.IsEmpty) return new PatternLeaf(Token.Length, Here);
        if (!Tail.IsEmpty) return new PatternLeaf(Token.Length + ".>".Length, Tail);
        return (Star ?? Children.Only?.Tree) is PatternLeaf leaf ? leaf.Moved(Token.Length + 1) : this;
    }
}
