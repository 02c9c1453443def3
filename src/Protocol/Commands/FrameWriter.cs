using System.Buffers.Binary;
using MessagePack;

namespace UdsBroker.Protocol;

/// <summary>
/// The only place that encodes frames, always in the shortest encoding, so that equal frames have equal bytes. The frames of the hot path
/// are written to spans without allocating; those writers return the bytes written and throw <see cref="ArgumentException"/> when the span
/// is too short. The grammar of each frame stands above its method. PROTOCOL.md, "Frames".
/// </summary>
public static partial class FrameWriter
{
    /// <summary>The longest PING.</summary>
    public const int MaxPingBytes = 1 + 1 + MaxUInt64Bytes;

    /// <summary>The longest PONG.</summary>
    public const int MaxPongBytes = 1 + 1 + MaxUInt64Bytes + 1 + (4 * MaxUInt64Bytes);

    /// <summary>The longest MISSED.</summary>
    public const int MaxMissedBytes = 1 + 1 + MaxUInt32Bytes + (2 * MaxUInt64Bytes);

    /// <summary>The longest CREDIT.</summary>
    public const int MaxCreditBytes = 1 + 1 + MaxUInt32Bytes + MaxUInt64Bytes;

    private const int MaxUInt32Bytes = 5;
    private const int MaxUInt64Bytes = 9;
    private const int IdBytes = 2 + 16;
    private const int MaxFixStrBytes = 31;

    /// <summary>The longest DELIVER with this many sids.</summary>
    public static int MaxDeliverHeader(int sids) => 1 + 1 + MaxUInt32Bytes + (MaxUInt32Bytes * sids) + IdBytes + (2 * MaxUInt32Bytes);

    /// <summary>The most elements of a DELIVER besides its sids.</summary>
    internal const int DeliverElements = 5;

    /// <summary>How many sids are certain to fit a DELIVER of this many bytes.</summary>
    internal static int SidsWithin(int bytes) => (bytes - MaxDeliverHeader(0)) / MaxUInt32Bytes;

    // [5, subject:str, reply:str / nil, headers:map(str -> str) / nil, payload:bin]

    /// <summary>The bytes of a PUBLISH without its payload: what <see cref="WritePublishHead"/> writes.</summary>
    /// <param name="subjectLength">The bytes of the subject.</param>
    /// <param name="replyLength">The bytes of the reply subject; 0 or -1 is nil.</param>
    /// <param name="headersLength">The bytes of the encoded header map; 0 is nil.</param>
    /// <param name="payloadLength">The bytes of the payload.</param>
    public static int PublishOverhead(int subjectLength, int replyLength, int headersLength, int payloadLength) =>
        1 + 1
        + StrHeader(subjectLength) + subjectLength
        + (replyLength <= 0 ? 1 : StrHeader(replyLength) + replyLength)
        + (headersLength == 0 ? 1 : headersLength)
        + (payloadLength <= byte.MaxValue ? 2 : payloadLength <= ushort.MaxValue ? 3 : 5);

    /// <summary>Writes a whole PUBLISH.</summary>
    /// <param name="destination">At least <see cref="PublishOverhead"/> and the payload.</param>
    /// <param name="subject">The subject in UTF-8, well-formed.</param>
    /// <param name="reply">The reply subject in UTF-8; empty is nil.</param>
    /// <param name="encodedHeaders">What <see cref="HeaderCodec.Encode"/> made; empty is nil.</param>
    /// <param name="payload">The payload, which may be empty.</param>
    public static int WritePublish(
        Span<byte> destination,
        ReadOnlySpan<byte> subject,
        ReadOnlySpan<byte> reply,
        ReadOnlySpan<byte> encodedHeaders,
        ReadOnlySpan<byte> payload)
    {
        int head = WritePublishHead(destination, subject, reply, encodedHeaders, payload.Length);
        payload.CopyTo(destination[head..]);
        return head + payload.Length;
    }

    /// <summary>Writes a PUBLISH up to where its payload begins. The parameters are those of <see cref="WritePublish"/>.</summary>
    public static int WritePublishHead(
        Span<byte> destination, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply, ReadOnlySpan<byte> encodedHeaders, int payloadLength)
    {
        // Fast path for the usual PUBLISH, about 5 ns instead of 40; FrameScanner.Scan shows its layout.
        int start = subject.Length <= MaxFixStrBytes ? 3 : 4;
        int tail = start + subject.Length;
        if (!reply.IsEmpty || !encodedHeaders.IsEmpty || subject.Length > byte.MaxValue || destination.Length < tail + FrameScanner.MaxPlainTailBytes)
            return SlowPath(destination, subject, reply, encodedHeaders, payloadLength);

        destination[0] = MessagePackCode.MinFixArray | 5;
        destination[1] = (byte)FrameKind.Publish;
        destination[2] = start == 3 ? (byte)(MessagePackCode.MinFixStr | subject.Length) : MessagePackCode.Str8;
        if (start == 4)
            destination[3] = (byte)subject.Length;
        subject.CopyTo(destination[start..]);
        return tail + WritePlainTail(destination[tail..], (uint)payloadLength);

        static int SlowPath(
            Span<byte> destination,
            ReadOnlySpan<byte> subject,
            ReadOnlySpan<byte> reply,
            ReadOnlySpan<byte> encodedHeaders,
            int payloadLength)
        {
            ElementWriter writer = new(destination);
            writer.WriteFrameStart(FrameKind.Publish, 5);
            writer.WriteStr(subject);
            if (reply.IsEmpty)
                writer.WriteNil();
            else
                writer.WriteStr(reply);
            if (encodedHeaders.IsEmpty)
                writer.WriteNil();
            else
                writer.WriteRaw(encodedHeaders);
            writer.WriteBinHeader((uint)payloadLength);
            return writer.Position;
        }
    }

    /// <summary>Two nils and the header of a bin: <c>C0 C0 C4 n</c>, <c>C0 C0 C5 n n</c> or <c>C0 C0 C6 n n n n</c>.</summary>
    private static int WritePlainTail(Span<byte> tail, uint payloadLength)
    {
        switch (payloadLength)
        {
            case <= byte.MaxValue:
                BinaryPrimitives.WriteUInt32BigEndian(tail, 0xC0C0C400 | payloadLength);
                return 4;
            case <= ushort.MaxValue:
                BinaryPrimitives.WriteUInt32BigEndian(tail, 0xC0C0C500 | (payloadLength >> 8));
                tail[4] = (byte)payloadLength;
                return 5;
            default:
                BinaryPrimitives.WriteUInt32BigEndian(tail, 0xC0C0C600);
                BinaryPrimitives.WriteUInt32BigEndian(tail[3..], payloadLength);
                return FrameScanner.MaxPlainTailBytes;
        }
    }

    // [6, token]

    /// <summary>Writes a PING of at most <see cref="MaxPingBytes"/>.</summary>
    public static int WritePing(Span<byte> destination, ulong token)
    {
        ElementWriter writer = new(destination);
        writer.WriteFrameStart(FrameKind.Ping, 2);
        writer.WriteUnsigned(token);
        return writer.Position;
    }

    // [7, token, receipt / nil]; receipt = [published, matched, dropped, expired]; expired is written when it is not 0

    /// <summary>Writes a PONG of at most <see cref="MaxPongBytes"/>.</summary>
    public static int WritePong(Span<byte> destination, ulong token, Receipt? receipt)
    {
        ElementWriter writer = new(destination);
        writer.WriteFrameStart(FrameKind.Pong, 3);
        writer.WriteUnsigned(token);
        if (receipt is { } counts)
        {
            writer.WriteArrayHeader(counts.Expired == 0 ? 3u : 4u);
            writer.WriteUnsigned(counts.Published);
            writer.WriteUnsigned(counts.Matched);
            writer.WriteUnsigned(counts.Dropped);
            if (counts.Expired > 0)
                writer.WriteUnsigned(counts.Expired);
        }
        else
        {
            writer.WriteNil();
        }

        return writer.Position;
    }

    // [8, [sid, ...], sender:bin16, count, flags]; flags are written when there are any

    /// <summary>Writes a DELIVER of at most <see cref="MaxDeliverHeader"/>.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="sids">
    /// At most <see cref="Limits.MaxDeliverSids"/>; <see cref="ReservedSubjects.InboxSid"/> is the inbox of the connection.
    /// </param>
    /// <param name="sender">The 16 bytes of the sender's identity, big-endian.</param>
    /// <param name="count">How many PUBLISH frames follow; at least 1.</param>
    /// <param name="flags">Further properties of the messages.</param>
    /// <exception cref="ArgumentException">
    /// The destination is too short, there are too many sids, or the sender has not 16 bytes.
    /// </exception>
    public static int WriteDeliver(Span<byte> destination, ReadOnlySpan<uint> sids, ReadOnlySpan<byte> sender, uint count, DeliverFlags flags = DeliverFlags.None)
    {
        if (sids.Length > Limits.MaxDeliverSids)
            throw new ArgumentException($"{sids.Length} sids; a DELIVER has at most {Limits.MaxDeliverSids}", nameof(sids));
        if (sender.Length != 16)
            throw new ArgumentException($"{sender.Length} bytes; an identity has 16", nameof(sender));
        ElementWriter writer = new(destination);
        writer.WriteFrameStart(FrameKind.Deliver, flags == DeliverFlags.None ? 4u : 5u);
        writer.WriteArrayHeader((uint)sids.Length);
        foreach (uint sid in sids)
            writer.WriteUnsigned(sid);
        writer.WriteBin(sender);
        writer.WriteUnsigned(count);
        if (flags != DeliverFlags.None)
            writer.WriteUnsigned((uint)flags);
        return writer.Position;
    }

    // [11, sid, count, expired]; expired is written when it is not 0

    /// <summary>Writes a MISSED of at most <see cref="MaxMissedBytes"/>.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="sid">The subscription.</param>
    /// <param name="count">How many messages were dropped; at least 1.</param>
    /// <param name="expired">How many of them because they had expired.</param>
    public static int WriteMissed(Span<byte> destination, uint sid, ulong count, ulong expired = 0)
    {
        ElementWriter writer = new(destination);
        writer.WriteFrameStart(FrameKind.Missed, expired == 0 ? 3u : 4u);
        writer.WriteUnsigned(sid);
        writer.WriteUnsigned(count);
        if (expired > 0)
            writer.WriteUnsigned(expired);
        return writer.Position;
    }

    // [12, sid, count]

    /// <summary>Writes a CREDIT of at most <see cref="MaxCreditBytes"/>.</summary>
    public static int WriteCredit(Span<byte> destination, uint sid, ulong count)
    {
        ElementWriter writer = new(destination);
        writer.WriteFrameStart(FrameKind.Credit, 3);
        writer.WriteUnsigned(sid);
        writer.WriteUnsigned(count);
        return writer.Position;
    }

    private static int StrHeader(int length) => length switch
    {
        <= MaxFixStrBytes => 1,
        <= byte.MaxValue => 2,
        <= ushort.MaxValue => 3,
        _ => 5,
    };
}
