using System.Buffers.Binary;
using System.Text.Unicode;
using MessagePack;

namespace UdsBroker.Protocol;

/// <summary>
/// The fast path for requests: a PUBLISH in the shortest encoding with a reply and without headers. PROTOCOL.md, "PUBLISH".
/// <code>
/// 95 05 A0|n subject D9 n reply C0 C4 n payload         (reply also A0|n, payload also C5 n n and C6 n n n n)
/// </code>
/// </summary>
public static partial class FrameScanner
{
    /// <summary>False only means that the slow path has to decide; the head is then unchanged.</summary>
    private static bool TryScanRequest(ReadOnlySpan<byte> bytes, int subjectStart, int subjectLength, Limits limits, ref FrameHead head)
    {
        int at = subjectStart + subjectLength;
        if (bytes.Length - at < 2)
            return false;
        (int start, int length) = bytes[at] == MessagePackCode.Str8 ? (at + 2, bytes[at + 1])
            : (bytes[at] & 0xE0) == MessagePackCode.MinFixStr ? (at + 1, bytes[at] & 0x1F)
            : (0, 0);
        int tail = start + length;
        if (length == 0 || length > limits.MaxSubjectBytes || tail + MaxPlainTailBytes > limits.MaxControlFrameBytes
            || !TryReadPayloadTail(bytes, tail, limits, out int payloadStart, out int payloadLength)
            || !Utf8.IsValid(bytes.Slice(subjectStart, subjectLength)) || !Utf8.IsValid(bytes.Slice(start, length)))
        {
            return false;
        }

        head.Kind = FrameKind.Publish;
        head.Length = payloadStart + payloadLength;
        head.ElementCount = 5;
        head.SubjectStart = subjectStart;
        head.SubjectLength = subjectLength;
        head.ReplyStart = start;
        head.ReplyLength = length;
        head.PayloadStart = payloadStart;
        head.PayloadLength = payloadLength;
        return true;
    }

    /// <summary>Reads <c>C0</c> and a bin header, and checks that the payload is whole.</summary>
    private static bool TryReadPayloadTail(ReadOnlySpan<byte> bytes, int tail, Limits limits, out int payloadStart, out int payloadLength)
    {
        payloadStart = 0;
        payloadLength = 0;
        if (bytes.Length - tail < 3 || bytes[tail] != MessagePackCode.Nil)
            return false;

        byte code = bytes[tail + 1];
        if (code == MessagePackCode.Bin8)
        {
            payloadStart = tail + 3;
            payloadLength = bytes[tail + 2];
        }
        else if (code == MessagePackCode.Bin16 && bytes.Length - tail >= 4)
        {
            payloadStart = tail + 4;
            payloadLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[(tail + 2)..]);
        }
        else if (code == MessagePackCode.Bin32 && bytes.Length - tail >= 6)
        {
            payloadStart = tail + 6;
            payloadLength = BinaryPrimitives.ReadInt32BigEndian(bytes[(tail + 2)..]);
        }
        else
        {
            return false;
        }

        return (uint)payloadLength <= (uint)limits.MaxPayloadBytes && payloadLength <= bytes.Length - payloadStart;
    }
}
