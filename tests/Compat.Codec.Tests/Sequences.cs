using System.Buffers;

namespace UdsBroker.Compat.Codec.Tests;

/// <summary>The same bytes, laid out in several segments.</summary>
internal static class Sequences
{
    /// <summary>Two segments, the second of which starts at <paramref name="cut"/>; either may be empty.</summary>
    internal static ReadOnlySequence<byte> CutAt(byte[] bytes, int cut) => Of(bytes[..cut], bytes[cut..]);

    /// <summary>One segment for each byte.</summary>
    internal static ReadOnlySequence<byte> ByteByByte(byte[] bytes) => Of([.. bytes.Select(single => new[] { single })]);

    private static ReadOnlySequence<byte> Of(params byte[][] parts)
    {
        if (parts.Length == 0)
            return ReadOnlySequence<byte>.Empty;
        var first = new Segment(parts[0], null);
        var last = parts[1..].Aggregate(first, (previous, part) => new Segment(part, previous));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        internal Segment(byte[] bytes, Segment? previous)
        {
            Memory = bytes;
            if (previous == null)
                return;
            previous.Next = this;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
        }
    }
}
