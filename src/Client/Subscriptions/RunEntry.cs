using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// A piece of a subscription's queue: whole PUBLISH frames of one sender, lying one behind the other in a buffer that the entry holds a reference to.
/// </summary>
internal struct RunEntry
{
    public ReceiveBuffer Buffer;
    public int Offset;
    public int Length;
    public int Count;
    public Guid Sender;
    public DeliverFlags Flags;

    /// <summary>How many messages were dropped right before the first of these.</summary>
    public ulong MissedBefore;

    public readonly ReadOnlySpan<byte> Frames => Buffer.Bytes.AsSpan(Offset, Length);

    /// <summary>Where a message of these comes from; the gap is told with the first.</summary>
    public readonly MessageOrigin Origin(bool isFirst) => new(Sender, Flags, isFirst ? MissedBefore : 0);

    /// <summary>Drops the first messages; fewer than there are.</summary>
    public void DropFirst(int count)
    {
        int length = FrameScanner.SkipFrames(Frames, Limits.Ceiling, count);
        Offset += length;
        Length -= length;
        Count -= count;
    }

    /// <summary>Keeps only the first messages.</summary>
    public void KeepFirst(int count)
    {
        Length = FrameScanner.SkipFrames(Frames, Limits.Ceiling, count);
        Count = count;
    }
}
