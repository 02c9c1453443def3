using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// The patterns that begin with the same tokens, the last of which is its own; immutable. As long as they are one pattern it is a
/// <see cref="PatternLeaf"/>, however many tokens that goes on for; as soon as there is a second one, a <see cref="PatternNode"/> with ways for the next token.
/// Most patterns of many are alone from some token on, so what is looked up for a subject ends there, with one comparison of the rest.
/// </summary>
internal abstract record PatternTree
{
    /// <summary>Whether the last of the tokens is this one.</summary>
    internal abstract bool IsAt(ReadOnlySpan<byte> token);

    /// <summary>The tree with one subscription more.</summary>
    /// <param name="subscription">Its pattern begins as all in here do.</param>
    /// <param name="rest">Its pattern from the token of this tree on.</param>
    /// <param name="seed">Of the hashes.</param>
    internal abstract PatternTree With(Subscription subscription, ReadOnlyMemory<byte> rest, ulong seed);

    /// <summary>The tree without the subscription, the same when it is not in there, or null when nothing is left of it.</summary>
    /// <param name="subscription">Its pattern begins as all in here do.</param>
    /// <param name="rest">Its pattern from the token of this tree on.</param>
    /// <param name="seed">Of the hashes.</param>
    internal abstract PatternTree? Without(Subscription subscription, ReadOnlyMemory<byte> rest, ulong seed);

    /// <summary>Adds every subscription whose pattern matches the subject.</summary>
    /// <param name="subject">The whole subject. It matches up to the token of this tree, and that.</param>
    /// <param name="tokens">All of its tokens.</param>
    /// <param name="depth">How many of them lead here, that of this tree included.</param>
    /// <param name="matches">Where they go.</param>
    internal abstract void Match(ReadOnlySpan<byte> subject, ReadOnlySpan<HashedToken> tokens, int depth, List<Subscription> matches);

    /// <summary>The others, in their order; the same array when it is not among them.</summary>
    protected static Subscription[] AllBut(Subscription subscription, Subscription[] subscriptions)
    {
        var at = Array.IndexOf(subscriptions, subscription);
        return at < 0 ? subscriptions : [.. subscriptions[..at], .. subscriptions[(at + 1)..]];
    }

    /// <summary>The first token.</summary>
    protected static ReadOnlySpan<byte> FirstToken(ReadOnlySpan<byte> rest)
    {
        var dot = rest.IndexOf((byte)'.');
        return dot < 0 ? rest : rest[..dot];
    }

    /// <summary>What follows the first token; empty when nothing does.</summary>
    protected static ReadOnlyMemory<byte> BehindToken(ReadOnlyMemory<byte> rest)
    {
        var dot = rest.Span.IndexOf((byte)'.');
        return dot < 0 ? default : rest[(dot + 1)..];
    }
}
