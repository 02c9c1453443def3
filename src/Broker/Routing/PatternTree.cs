using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// An immutable subtree of patterns that begin with the same tokens, of which the last is its own token. A single pattern is a
/// <see cref="PatternLeaf"/>, however many tokens follow; with a second pattern it becomes a <see cref="PatternNode"/> with children for
/// the next token. Among many patterns most are alone from some token on, so the look-up of a subject ends there with one comparison of the
/// rest.
/// </summary>
internal abstract record PatternTree
{
    /// <summary>Whether this is the subtree's token.</summary>
    internal abstract bool IsAt(ReadOnlySpan<byte> token);

    /// <summary>The subtree with one more subscription.</summary>
    /// <param name="subscription">Its pattern begins as all in here do.</param>
    /// <param name="rest">Its pattern from the token of this tree on.</param>
    /// <param name="seed">Of the hashes.</param>
    internal abstract PatternTree With(Subscription subscription, ReadOnlyMemory<byte> rest, ulong seed);

    /// <summary>The subtree without the subscription: itself when it does not contain it, null when it becomes empty.</summary>
    /// <param name="subscription">Its pattern begins as all in here do.</param>
    /// <param name="rest">Its pattern from the token of this tree on.</param>
    /// <param name="seed">Of the hashes.</param>
    internal abstract PatternTree? Without(Subscription subscription, ReadOnlyMemory<byte> rest, ulong seed);

    /// <summary>Adds every subscription whose pattern matches the subject.</summary>
    /// <param name="subject">The whole subject. It matches up to and including the token of this subtree.</param>
    /// <param name="tokens">All of its tokens.</param>
    /// <param name="depth">How many of them lead here, including the token of this subtree.</param>
    /// <param name="matches">Receives the subscriptions.</param>
    internal abstract void Match(ReadOnlySpan<byte> subject, ReadOnlySpan<HashedToken> tokens, int depth, List<Subscription> matches);
}
