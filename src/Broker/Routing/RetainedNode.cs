using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// An inner node of the tree of retained subjects: where paths branch, or where one subject ends and longer ones continue. Not thread-safe.
/// </summary>
/// <param name="path">The tokens from its parent to it; empty for the root.</param>
internal sealed class RetainedNode(byte[] path)
{
    internal byte[] Path => path;

    /// <summary>The message whose subject ends here.</summary>
    internal RetainedMessage? Message { get; set; }

    /// <summary>The edges to its children.</summary>
    internal TokenMap<RetainedEntry> Below { get; set; }

    /// <summary>The edge that can replace this node when it has only one message or one child; null when it has more.</summary>
    /// <param name="hash">Of the first token of the path to here.</param>
    /// <param name="start">Where the path to here begins in the subjects.</param>
    internal RetainedEntry? Folded(uint hash, int start)
    {
        if (Below.IsEmpty) return new RetainedEntry(hash, Message!, start);
        if (Message is not null || Below.Only is not { } only) return null;
        if (only.Message is { } message) return new RetainedEntry(hash, message, start);
        return new RetainedEntry(hash, only.Node!.Moved([.. Path, (byte)'.', .. only.Node.Path]));
    }

    /// <summary>
    /// A copy of the node with another path. The path of a node itself never changes, because the map that contains it looks it up by that
    /// path.
    /// </summary>
    internal RetainedNode Moved(byte[] to) => new(to) { Message = Message, Below = Below };
}
