using System.Buffers.Binary;
using System.Text;

namespace UdsBroker.Protocol.Tests;

/// <summary>
/// A second encoder, for tests: it writes an element in every encoding that MessagePack has for it, and knows nothing of the one in the
/// product.
/// </summary>
public static class Pack
{
    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    public static byte[] Nil => [0xC0];

    /// <summary>All encodings of a number that is not negative.</summary>
    public static IReadOnlyList<byte[]> UInt(ulong value)
    {
        List<byte[]> all = [];
        if (value < 0x80)
            all.Add([(byte)value]);
        Add(0xCC, 1, byte.MaxValue);
        Add(0xCD, 2, ushort.MaxValue);
        Add(0xCE, 4, uint.MaxValue);
        Add(0xCF, 8, ulong.MaxValue);
        Add(0xD0, 1, (ulong)sbyte.MaxValue);
        Add(0xD1, 2, (ulong)short.MaxValue);
        Add(0xD2, 4, int.MaxValue);
        Add(0xD3, 8, long.MaxValue);
        return all;

        void Add(byte code, int size, ulong max)
        {
            if (value <= max)
                all.Add([code, .. BigEndian(value, size)]);
        }
    }

    public static IReadOnlyList<byte[]> Str(string text) => Str(Encoding.UTF8.GetBytes(text));

    public static IReadOnlyList<byte[]> Str(byte[] utf8) => Sized(utf8, utf8.Length, 0xA0, 31, 0xD9, 0xDA, 0xDB);

    public static IReadOnlyList<byte[]> Bin(byte[] bytes) => Sized(bytes, bytes.Length, 0, -1, 0xC4, 0xC5, 0xC6);

    /// <summary>The headers of an array of so many elements.</summary>
    public static IReadOnlyList<byte[]> Array(int count) => Sized([], count, 0x90, 15, null, 0xDC, 0xDD);

    /// <summary>The headers of a map of so many entries.</summary>
    public static IReadOnlyList<byte[]> Map(int count) => Sized([], count, 0x80, 15, null, 0xDE, 0xDF);

    private static List<byte[]> Sized(byte[] content, int size, byte fix, int maxFix, byte? code8, byte code16, byte code32)
    {
        List<byte[]> all = [];
        if (size <= maxFix)
            all.Add([(byte)(fix | size), .. content]);
        if (code8 is { } code && size <= byte.MaxValue)
            all.Add([code, (byte)size, .. content]);
        if (size <= ushort.MaxValue)
            all.Add([code16, .. BigEndian((ulong)size, 2), .. content]);
        all.Add([code32, .. BigEndian((ulong)size, 4), .. content]);
        return all;
    }

    private static byte[] BigEndian(ulong value, int size)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes[^size..];
    }
}
