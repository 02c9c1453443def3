using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Routing;

/// <summary>An edge of the tree of retained subjects: to a message that is alone below it, or to the next inner node.</summary>
internal readonly struct RetainedEntry : ITokenEntry
{
    private readonly object _below;
    private readonly int _start;

    /// <param name="hash">Of the first token on its path.</param>
    /// <param name="message">The message.</param>
    /// <param name="start">Where the path begins in its subject.</param>
    internal RetainedEntry(uint hash, RetainedMessage message, int start) => (Hash, _below, _start) = (hash, message, start);

    /// <param name="hash">Of the first token on its path.</param>
    /// <param name="node">The node.</param>
    internal RetainedEntry(uint hash, RetainedNode node) => (Hash, _below) = (hash, node);

    public uint Hash { get; }

    internal RetainedMessage? Message => _below as RetainedMessage;

    internal RetainedNode? Node => _below as RetainedNode;

    /// <summary>The tokens that lead there.</summary>
    internal ReadOnlySpan<byte> Path => _below is RetainedNode node ? node.Path : ((RetainedMessage)_below).Subject[_start..];

    public bool IsAt(ReadOnlySpan<byte> token) => TokenPath.BeginsWith(Path, token);
}
