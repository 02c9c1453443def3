using System.Buffers.Binary;

namespace UdsBroker.Bench.Wires;

/// <summary>
/// Counts the messages of our own wire: a DELIVER names how many follow, so a whole run is stepped over at once. Only what the
/// benchmark asks for is understood: one subscription for each run, and nothing between runs.
/// <code>
/// 94 08 91 sid C4 10 sender[16] count          (numbers as fixint, CC n, CD n n or CE n n n n)
/// </code>
/// </summary>
internal sealed class RunFrameCounter(int length, ReadOnlyMemory<byte>? expected) : FrameCounter(length, expected)
{
    private const int LongestHeader = 3 + 5 + 18 + 5;

    private readonly byte[] _cut = new byte[LongestHeader];
    private int _cutLength;
    private long _left;

    internal override void Feed(ReadOnlySpan<byte> received)
    {
        while (!received.IsEmpty)
        {
            if (_left == 0)
            {
                received = received[Header(received)..];
                continue;
            }

            var part = (int)Math.Min(_left, received.Length);
            Accept(received[..part]);
            _left -= part;
            received = received[part..];
        }
    }

    // Reads a header and returns how many bytes of it were in here.
    private int Header(ReadOnlySpan<byte> received)
    {
        if (_cutLength == 0 && TryRead(received, out var whole, out var count))
        {
            _left = count * Length;
            return whole;
        }

        var before = _cutLength;
        var added = Math.Min(received.Length, LongestHeader - before);
        received[..added].CopyTo(_cut.AsSpan(before));
        _cutLength += added;
        if (!TryRead(_cut.AsSpan(0, _cutLength), out whole, out count)) return added;
        _left = count * Length;
        _cutLength = 0;
        return whole - before;
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out int length, out long count)
    {
        count = 0;
        length = 3;
        if (bytes.Length < length) return false;
        if (bytes is not [0x94, 0x08, 0x91, ..]) throw new InvalidDataException($"{Convert.ToHexString(bytes[..3])}... is no DELIVER for one subscription");
        if (!TryReadNumber(bytes, ref length, out _)) return false;
        length += 2 + 16;
        return TryReadNumber(bytes, ref length, out count);
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> bytes, ref int position, out long number)
    {
        number = 0;
        if (position >= bytes.Length) return false;
        var code = bytes[position];
        var size = code switch { < 0x80 => 1, 0xCC => 2, 0xCD => 3, 0xCE => 5, _ => throw new InvalidDataException($"{code:X2} is no number") };
        if (position + size > bytes.Length) return false;
        number = size switch
        {
            1 => code,
            2 => bytes[position + 1],
            3 => BinaryPrimitives.ReadUInt16BigEndian(bytes[(position + 1)..]),
            _ => BinaryPrimitives.ReadUInt32BigEndian(bytes[(position + 1)..]),
        };
        position += size;
        return true;
    }
}
