using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Routing;

/// <summary>A way down the tree of retained subjects: to the one message that there is on it, or to the next place where ways part.</summary>
internal readonly struct RetainedEntry : ITokenEntry
{
    private readonly object _below;
    private readonly int _start;

    /// <param name="hash">Of the first token of its way.</param>
    /// <param name="message">The message.</param>
    /// <param name="start">Where the way begins in its subject.</param>
    internal RetainedEntry(uint hash, RetainedMessage message, int start) => (Hash, _below, _start) = (hash, message, start);

    /// <param name="hash">Of the first token of its way.</param>
    /// <param name="node">The place.</param>
    internal RetainedEntry(uint hash, RetainedNode node) => (Hash, _below) = (hash, node);

    public uint Hash { get; }

    internal RetainedMessage? Message => _below as RetainedMessage;

    internal RetainedNode? Node => _below as RetainedNode;

    /// <summary>The tokens that lead there.</summary>
    internal ReadOnlySpan<byte> Way => _below is RetainedNode node ? node.Way : ((RetainedMessage)_below).Subject[_start..];

    public bool IsAt(ReadOnlySpan<byte> token) => PatternLeaf.BeginsWith(Way, token);
}
