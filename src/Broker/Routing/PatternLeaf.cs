using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Routing;

/// <summary>The subscriptions to a pattern that shares its prefix with no other pattern.</summary>
/// <param name="Rest">The pattern from the token of this subtree on: a slice of the first subscription's pattern.</param>
/// <param name="Subscriptions">All to this pattern, in the order in which they came; at least one.</param>
internal sealed record PatternLeaf(ReadOnlyMemory<byte> Rest, SubscriptionList Subscriptions) : PatternTree
{
    /// <param name="length">The bytes of the pattern from the token of this tree on.</param>
    /// <param name="subscriptions">All to this pattern.</param>
    internal PatternLeaf(int length, SubscriptionList subscriptions)
        : this(subscriptions.First.Pattern[^length..], subscriptions)
    {
    }

    /// <summary>The same subscriptions in a tree that begins that many bytes earlier in their pattern, or, if negative, later.</summary>
    internal PatternLeaf Moved(int bytes) => new(Rest.Length + bytes, Subscriptions);

    internal override bool IsAt(ReadOnlySpan<byte> token) => TokenPath.BeginsWith(Rest.Span, token);

    internal override PatternTree With(Subscription subscription, ReadOnlyMemory<byte> rest, ulong seed) =>
        rest.Span.SequenceEqual(Rest.Span)
            ? this with { Subscriptions = Subscriptions.With(subscription) }
            : PatternNode.Of(this, seed).With(subscription, rest, seed);

    internal override PatternTree? Without(Subscription subscription, ReadOnlyMemory<byte> rest, ulong seed)
    {
        var left = Subscriptions.Without(subscription);
        if (left.IsSame(Subscriptions)) return this;
        return left.IsEmpty ? null : new PatternLeaf(Rest.Length, left);
    }

    internal override void Match(ReadOnlySpan<byte> subject, ReadOnlySpan<HashedToken> tokens, int depth, List<Subscription> matches)
    {
        if (Matches(Rest.Span, subject[tokens[depth - 1].Start..])) Subscriptions.AddTo(matches);
    }

    /// <summary>
    /// Whether the rest of a pattern matches the rest of a subject. Subjects have no wildcards, so the two texts differ at each wildcard of
    /// the pattern, where a token begins in both.
    /// </summary>
    internal static bool Matches(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> subject)
    {
        while (true)
        {
            var same = rest.CommonPrefixLength(subject);
            if (same == rest.Length || same == subject.Length) return rest.Length == subject.Length;
            if (rest[same] == '>') return true;
            if (rest[same] != '*') return false;
            var dot = subject[same..].IndexOf((byte)'.');
            if (dot < 0) return same + 1 == rest.Length;
            rest = rest[(same + 1)..];
            subject = subject[(same + dot)..];
        }
    }
}
