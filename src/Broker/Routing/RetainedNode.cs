using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Routing;

/// <summary>A place in the tree of retained subjects where ways part, or where one subject ends and others go on. Not thread-safe.</summary>
/// <param name="way">The tokens that lead to it from the place above; none for the root.</param>
internal sealed class RetainedNode(byte[] way)
{
    internal byte[] Way => way;

    /// <summary>The message whose subject ends here.</summary>
    internal RetainedMessage? Message { get; set; }

    /// <summary>The ways on.</summary>
    internal TokenMap<RetainedEntry> Below { get; set; }

    /// <summary>What is left when there is only one message or one way on here: that, without this place. Null when there are more.</summary>
    /// <param name="hash">Of the first token of the way to here.</param>
    /// <param name="start">Where the way to here begins in the subjects.</param>
    internal RetainedEntry? Folded(uint hash, int start)
    {
        if (Below.IsEmpty) return new RetainedEntry(hash, Message!, start);
        if (Message is not null || Below.Only is not { } only) return null;
        if (only.Message is { } message) return new RetainedEntry(hash, message, start);
        return new RetainedEntry(hash, only.Node!.Moved([.. Way, (byte)'.', .. only.Node.Way]));
    }

    /// <summary>What is here, at the end of another way. The way of a place never changes, for the map that has it looks for it by that.</summary>
    internal RetainedNode Moved(byte[] to) => new(to) { Message = Message, Below = Below };
}
