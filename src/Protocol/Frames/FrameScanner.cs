using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Unicode;
using MessagePack;

namespace UdsBroker.Protocol;

/// <summary>
/// Finds frames in received bytes: a pure function of the bytes and the limits that neither allocates nor throws for any input. A length
/// beyond a limit is refused when its header is read; payload bytes are never examined.
/// <code>
/// frame   = array of at least as many elements as the kind demands; further elements are skipped
/// publish = 5, subject:str, reply:str / nil, headers:map(str -> str) / nil, payload:bin
/// </code>
/// The usual PUBLISH, in the shortest encoding and with neither reply nor headers, takes a fast path of about 20 ns:
/// <code>
/// 95 05 A0|n subject C0 C0 C4 n payload         (subject also D9 n, payload also C5 n n and C6 n n n n)
/// </code>
/// A request, which has a reply and no headers, takes one of about 30 ns (FrameScanner.Requests.cs).
/// PROTOCOL.md, "Frames" and "PUBLISH".
/// </summary>
public static partial class FrameScanner
{
    /// <summary>Looks at the frame at the start of the bytes; more bytes may follow it.</summary>
    /// <remarks>
    /// A PUBLISH is checked completely except for the rules of its subjects (<see cref="Subject.Validate"/>). For all other kinds the kind,
    /// the number of elements, the structure and the bounds are checked; <see cref="CommandReader"/> reads the content.
    /// </remarks>
    /// <param name="bytes">What was received and not yet consumed.</param>
    /// <param name="limits">The limits in force.</param>
    /// <param name="head">What was found; <see cref="FrameHead"/> says which properties are valid after which result.</param>
    public static ScanResult Scan(ReadOnlySpan<byte> bytes, Limits limits, out FrameHead head)
    {
        head = default;
        if (bytes.Length < 8 || bytes[0] != (MessagePackCode.MinFixArray | 5) || bytes[1] != (byte)FrameKind.Publish)
            return ScanAny(bytes, limits, ref head);

        (int start, int length) = (bytes[2] & 0xE0) == MessagePackCode.MinFixStr ? (3, bytes[2] & 0x1F)
            : bytes[2] == MessagePackCode.Str8 ? (4, bytes[3])
            : (0, 0);
        int tail = start + length;
        if (length == 0 || length > limits.MaxSubjectBytes || tail + MaxPlainTailBytes > limits.MaxControlFrameBytes)
            return ScanAny(bytes, limits, ref head);
        if (!TryReadPlainTail(bytes, tail, limits, out int payloadStart, out int payloadLength))
            return TryScanRequest(bytes, start, length, limits, ref head) ? ScanResult.Done : ScanAny(bytes, limits, ref head);
        if (!Utf8.IsValid(bytes.Slice(start, length)))
            return ScanAny(bytes, limits, ref head);

        head.Kind = FrameKind.Publish;
        head.Length = payloadStart + payloadLength;
        head.ElementCount = 5;
        head.SubjectStart = start;
        head.SubjectLength = length;
        head.ReplyLength = -1;
        head.PayloadStart = payloadStart;
        head.PayloadLength = payloadLength;
        return ScanResult.Done;
    }

    /// <summary>
    /// Reads <c>C0 C0</c> and a bin header, and checks that the payload is whole: one load and a compare decide. False only means that the
    /// slow path has to decide.
    /// </summary>
    private static bool TryReadPlainTail(ReadOnlySpan<byte> bytes, int tail, Limits limits, out int payloadStart, out int payloadLength)
    {
        payloadStart = 0;
        payloadLength = 0;
        if (bytes.Length - tail < sizeof(uint))
            return false;

        uint word = BinaryPrimitives.ReadUInt32BigEndian(bytes[tail..]);
        if (word >> 8 == 0xC0C0C4)
        {
            payloadStart = tail + 4;
            payloadLength = (int)(word & 0xFF);
        }
        else if (word >> 8 == 0xC0C0C5 && bytes.Length - tail >= 5)
        {
            payloadStart = tail + 5;
            payloadLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[(tail + 3)..]);
        }
        else if (word >> 8 == 0xC0C0C6 && bytes.Length - tail >= MaxPlainTailBytes)
        {
            payloadStart = tail + MaxPlainTailBytes;
            payloadLength = BinaryPrimitives.ReadInt32BigEndian(bytes[(tail + 3)..]);
        }
        else
        {
            return false;
        }

        return (uint)payloadLength <= (uint)limits.MaxPayloadBytes && payloadLength <= bytes.Length - payloadStart;
    }

    /// <summary>Two nils and the longest header of a bin.</summary>
    internal const int MaxPlainTailBytes = 2 + 5;

    private static ScanResult ScanAny(ReadOnlySpan<byte> bytes, Limits limits, ref FrameHead head)
    {
        ElementCursor cursor = new(bytes);
        ScanResult result = ScanElements(ref cursor, limits, ref head);
        head.Violation = cursor.Violation;
        head.Claimed = cursor.Claimed;
        head.Length = result == ScanResult.Done ? cursor.Position : cursor.MinLength;
        Debug.Assert(result != ScanResult.NeedMore || head.Length > bytes.Length, "NeedMore names a length that is already there");
        return result;
    }

    private static ScanResult ScanElements(ref ElementCursor cursor, Limits limits, ref FrameHead head)
    {
        ScanResult result = cursor.ReadArrayHeader(out uint count);
        if (result != ScanResult.Done)
            return result == ScanResult.NeedMore ? result : cursor.Refuse(Violation.NotAFrame);
        if (count == 0)
            return cursor.Refuse(Violation.MissingElement);
        if (count > limits.MaxElements)
            return cursor.Refuse(Violation.TooManyElements, count);

        cursor.Pending = (int)count - 1;
        result = cursor.ReadUnsigned((ulong)FrameKind.Credit, out ulong kind);
        if (result == ScanResult.NeedMore)
            return result;
        if (result != ScanResult.Done || kind == 0)
            return cursor.Refuse(Violation.UnknownKind);

        head.Kind = (FrameKind)kind;
        head.ElementCount = (int)count;
        if (count < MinElements(head.Kind))
            return cursor.Refuse(Violation.MissingElement);
        return head.Kind switch
        {
            FrameKind.Publish => ScanPublish(ref cursor, count, limits, ref head),
            FrameKind.Hello => cursor.Skip(count - 1, before: 1, limits.MaxHelloBytes, limits),
            _ => cursor.Skip(count - 1, before: 1, limits.MaxControlFrameBytes, limits),
        };
    }

    private static int MinElements(FrameKind kind) => kind switch
    {
        FrameKind.Publish => 5,
        FrameKind.Welcome or FrameKind.Subscribe or FrameKind.Deliver or FrameKind.Error => 4,
        FrameKind.Ping => 2,
        _ => 3,
    };
}
