namespace UdsBroker.Bench.Wires;

/// <summary>
/// How one broker is talked to, as bytes: everything is encoded before the clock starts. Subjects are written as ours, tokens with
/// dots between and <c>*</c> for one token; each wire turns them into its own.
/// </summary>
/// <remarks>A step of a conversation is what to send and how to see that the answer is whole.</remarks>
internal abstract class Wire
{
    /// <summary>What a fresh connection sends.</summary>
    internal abstract ReadOnlyMemory<byte> Greeting { get; }

    /// <summary>Whether the broker has answered the greeting; the connection is then ready for anything.</summary>
    internal abstract bool IsGreeted(ReadOnlySpan<byte> received);

    /// <summary>Asks for the messages of a pattern, and for a sign that they come from now on.</summary>
    internal abstract byte[] Subscribe(uint sid, string pattern);

    /// <summary>Whether that sign has come.</summary>
    internal abstract bool IsSubscribed(ReadOnlySpan<byte> received);

    /// <summary>False when subjects mean nothing, and one subscription gets everything.</summary>
    internal virtual bool KnowsSubjects => true;

    /// <summary>What a connection that will publish below a subject has to say first; nothing, with most.</summary>
    internal virtual byte[] Announce(string subject) => [];

    /// <summary>Whether the announcement was answered.</summary>
    internal virtual bool IsAnnounced(ReadOnlySpan<byte> received) => true;

    /// <summary>One message as it is published.</summary>
    internal abstract byte[] Publish(string subject, ReadOnlySpan<byte> payload, string? reply = null);

    /// <summary>The same message as it is delivered, without what may be shared by several.</summary>
    internal abstract byte[] Delivered(uint sid, string pattern, string subject, ReadOnlySpan<byte> payload, string? reply = null);

    /// <summary>Counts delivered messages of one length.</summary>
    /// <param name="delivered">Any of them.</param>
    /// <param name="expected">What their bytes have to be, over and over again; null to count only.</param>
    internal abstract FrameCounter Count(ReadOnlyMemory<byte> delivered, ReadOnlyMemory<byte>? expected);

    /// <summary>The most that is sent at once, when the socket keeps the boundaries of packets; a larger message goes alone. Else no bound.</summary>
    internal virtual int MaxPacket => int.MaxValue;
}
