using System.Buffers.Binary;

namespace UdsBroker.Protocol.Tests;

/// <summary>
/// MessagePack read in the plainest way, by recursion over the format table: the oracle for where an element ends. It knows no limits and
/// no frames.
/// </summary>
public static class Reference
{
    /// <summary>
    /// The length of the element at the start of the bytes; null when it is not whole or holds the byte that is never used.
    /// </summary>
    public static int? Measure(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return null;
        byte code = bytes[0];
        return code switch
        {
            <= 0x7F or >= 0xE0 or 0xC0 or 0xC2 or 0xC3 => 1,
            <= 0x8F => Elements(bytes, 1, 2 * (code & 0x0F)),
            <= 0x9F => Elements(bytes, 1, code & 0x0F),
            <= 0xBF => Whole(bytes, 1 + (code & 0x1F)),
            0xC1 => null,
            0xC4 or 0xD9 => Counted(bytes, 1, 0),
            0xC5 or 0xDA => Counted(bytes, 2, 0),
            0xC6 or 0xDB => Counted(bytes, 4, 0),
            0xC7 => Counted(bytes, 1, 1),
            0xC8 => Counted(bytes, 2, 1),
            0xC9 => Counted(bytes, 4, 1),
            0xCA or 0xCE or 0xD2 => Whole(bytes, 5),
            0xCB or 0xCF or 0xD3 => Whole(bytes, 9),
            0xCC or 0xD0 => Whole(bytes, 2),
            0xCD or 0xD1 => Whole(bytes, 3),
            >= 0xD4 and <= 0xD8 => Whole(bytes, 2 + (1 << (code - 0xD4))),
            0xDC => Number(bytes, 2) is { } n ? Elements(bytes, 3, n) : null,
            0xDD => Number(bytes, 4) is { } n ? Elements(bytes, 5, n) : null,
            0xDE => Number(bytes, 2) is { } n ? Elements(bytes, 3, 2 * n) : null,
            _ => Number(bytes, 4) is { } n ? Elements(bytes, 5, 2 * n) : null,
        };
    }

    private static int? Counted(ReadOnlySpan<byte> bytes, int size, int extra) =>
        Number(bytes, size) is { } length ? Whole(bytes, 1 + size + extra + length) : null;

    private static long? Number(ReadOnlySpan<byte> bytes, int size)
    {
        if (bytes.Length < 1 + size)
            return null;
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        bytes.Slice(1, size).CopyTo(wide[^size..]);
        return BinaryPrimitives.ReadInt64BigEndian(wide);
    }

    private static int? Whole(ReadOnlySpan<byte> bytes, long length) => length <= bytes.Length ? (int)length : null;

    private static int? Elements(ReadOnlySpan<byte> bytes, int at, long count)
    {
        if (count > bytes.Length)
            return null;
        for (long element = 0; element < count; element++)
        {
            if (Measure(bytes[at..]) is not { } length)
                return null;
            at += length;
        }

        return at;
    }
}
