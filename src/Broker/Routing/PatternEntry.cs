using System.Runtime.CompilerServices;
using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// A child of a <see cref="PatternNode"/>: the subtree of one token. The two most frequent kinds are stored inline with their bytes and not
/// as objects, which saves a cache miss: a <see cref="PatternLeaf"/> with one subscription, and a <see cref="PatternNode"/> that has only
/// literal children.
/// </summary>
internal readonly struct PatternEntry : ITokenEntry
{
    private readonly InlineBytes _bytes;
    private readonly byte _length;
    private readonly Subscription? _only;
    private readonly TokenMap<PatternEntry> _children;
    private readonly PatternTree? _tree;

    /// <param name="hash">Of its token.</param>
    /// <param name="tree">The subtree.</param>
    internal PatternEntry(uint hash, PatternTree tree)
    {
        Hash = hash;
        switch (tree)
        {
            case PatternLeaf { Subscriptions.Only: { } only, Rest: { Length: <= InlineBytes.Room } rest }:
                _only = only;
                _length = (byte)rest.Length;
                rest.Span.CopyTo(_bytes);
                break;
            case PatternNode { IsPlain: true, Token: { Length: <= InlineBytes.Room } token } node:
                _children = node.Children;
                _length = (byte)token.Length;
                token.CopyTo(_bytes);
                break;
            default:
                _tree = tree;
                break;
        }
    }

    public uint Hash { get; }

    /// <summary>The subtree; created on each call if it is stored inline.</summary>
    internal PatternTree Tree
    {
        get
        {
            if (_tree is not null) return _tree;
            if (_only is not null) return new PatternLeaf(_length, new SubscriptionList(_only));
            return PatternNode.Empty with { Token = ((ReadOnlySpan<byte>)_bytes)[.._length].ToArray(), Children = _children };
        }
    }

    /// <summary>The children of a node that is stored inline; false for everything else.</summary>
    internal bool TryGetChildren(out TokenMap<PatternEntry> children)
    {
        children = _children;
        return !children.IsEmpty;
    }

    public bool IsAt(ReadOnlySpan<byte> token)
    {
        if (_tree is not null) return _tree.IsAt(token);
        var bytes = ((ReadOnlySpan<byte>)_bytes)[.._length];
        return _only is null ? token.SequenceEqual(bytes) : TokenPath.BeginsWith(bytes, token);
    }

    /// <summary>As <see cref="PatternTree.Match"/>.</summary>
    internal void Match(ReadOnlySpan<byte> subject, ReadOnlySpan<HashedToken> tokens, int depth, List<Subscription> matches)
    {
        if (_only is null)
        {
            _tree!.Match(subject, tokens, depth, matches);
            return;
        }

        if (!PatternLeaf.Matches(((ReadOnlySpan<byte>)_bytes)[.._length], subject[tokens[depth - 1].Start..])) return;

        // Not Add: its array covariance check would read the subscription's type, which is another cache miss.
        ReadOnlySpan<Subscription> only = [_only];
        matches.AddRange(only);
    }

    /// <summary>Room for a token or the end of a pattern: as much as makes an entry 48 bytes.</summary>
    [InlineArray(Room)]
    private struct InlineBytes
    {
        internal const int Room = 19;

        private byte _first;
    }
}
