using System.Text;
using MessagePack;

namespace UdsBroker.Compat.Codec.Tests;

/// <summary>
/// Values and bytes worked out by hand from https://github.com/msgpack/msgpack/blob/master/spec.md: for every format its smallest and its
/// largest value, where that fits into a test.
/// </summary>
public static class Vectors
{
    private static readonly string Wide = string.Concat(Enumerable.Repeat("é", 130));

    /// <summary>All vectors.</summary>
    public static TheoryData<Vector> All => [.. Scalars, .. Integers, .. Headers, .. Texts, .. Binaries, .. Times];

    private static IEnumerable<Vector> Scalars =>
    [
        Of(null, "c0"),
        Of(false, "c2"),
        Of(true, "c3"),
        Of(0f, "ca 00000000"),
        Of(1.5f, "ca 3fc00000"),
        Of(float.NegativeInfinity, "ca ff800000"),
        Of(0d, "cb 0000000000000000"),
        Of(-0.1, "cb bfb999999999999a"),
        Of(double.MaxValue, "cb 7fefffffffffffff"),
        Of('a', "61"),
        Of('\uffff', "cd ffff"),
    ];

    private static IEnumerable<Vector> Integers =>
    [
        Of((byte)0, "00"), Of((byte)127, "7f"), Of((byte)128, "cc 80"), Of(byte.MaxValue, "cc ff"),
        Of((ushort)0, "00"), Of((ushort)128, "cc 80"), Of((ushort)256, "cd 0100"), Of(ushort.MaxValue, "cd ffff"),
        Of(127u, "7f"), Of(255u, "cc ff"), Of(256u, "cd 0100"), Of(65536u, "ce 00010000"), Of(uint.MaxValue, "ce ffffffff"),
        Of(0ul, "00"), Of(200ul, "cc c8"), Of(65535ul, "cd ffff"), Of(uint.MaxValue + 0ul, "ce ffffffff"),
        Of(uint.MaxValue + 1ul, "cf 0000000100000000"), Of(ulong.MaxValue, "cf ffffffffffffffff"),
        Of((sbyte)127, "7f"), Of((sbyte)-1, "ff"), Of((sbyte)-32, "e0"), Of((sbyte)-33, "d0 df"), Of(sbyte.MinValue, "d0 80"),
        Of((short)-32, "e0"), Of((short)-33, "d0 df"), Of((short)-128, "d0 80"), Of((short)-129, "d1 ff7f"),
        Of(short.MinValue, "d1 8000"), Of((short)128, "cc 80"), Of(short.MaxValue, "cd 7fff"),
        Of(-1, "ff"), Of(-32, "e0"), Of(-33, "d0 df"), Of(-129, "d1 ff7f"), Of(-32768, "d1 8000"), Of(-32769, "d2 ffff7fff"),
        Of(int.MinValue, "d2 80000000"), Of(5, "05"), Of(255, "cc ff"), Of(65535, "cd ffff"), Of(int.MaxValue, "ce 7fffffff"),
        Of(-1L, "ff"), Of(-128L, "d0 80"), Of(-32768L, "d1 8000"), Of(int.MinValue + 0L, "d2 80000000"),
        Of(int.MinValue - 1L, "d3 ffffffff7fffffff"), Of(long.MinValue, "d3 8000000000000000"), Of(1L, "01"),
        Of(uint.MaxValue + 0L, "ce ffffffff"), Of(long.MaxValue, "cf 7fffffffffffffff"),
    ];

    private static IEnumerable<Vector> Headers =>
    [
        Of(new Vector.Array(0), "90"), Of(new Vector.Array(15), "9f"), Of(new Vector.Array(16), "dc 0010"),
        Of(new Vector.Array(65535), "dc ffff"), Of(new Vector.Array(65536), "dd 00010000"), Of(new Vector.Array(int.MaxValue), "dd 7fffffff"),
        Of(new Vector.Map(0), "80"), Of(new Vector.Map(15), "8f"), Of(new Vector.Map(16), "de 0010"),
        Of(new Vector.Map(65535), "de ffff"), Of(new Vector.Map(65536), "df 00010000"), Of(new Vector.Map(int.MaxValue), "df 7fffffff"),
        Of(new ExtensionHeader(5, 1), "d4 05"), Of(new ExtensionHeader(-2, 2), "d5 fe"), Of(new ExtensionHeader(127, 4), "d6 7f"),
        Of(new ExtensionHeader(-128, 8), "d7 80"), Of(new ExtensionHeader(0, 16), "d8 00"), Of(new ExtensionHeader(5, 0), "c7 00 05"),
        Of(new ExtensionHeader(5, 3), "c7 03 05"), Of(new ExtensionHeader(5, 255), "c7 ff 05"), Of(new ExtensionHeader(5, 256), "c8 0100 05"),
        Of(new ExtensionHeader(5, 65535), "c8 ffff 05"), Of(new ExtensionHeader(5, 65536), "c9 00010000 05"),
    ];

    private static IEnumerable<Vector> Texts =>
    [
        Text("", "a0"), Text("a", "a1"), Text("é", "a2"), Text("€", "a3"), Text("😀", "a4"), Text(new string('x', 31), "bf"),
        Text(new string('x', 32), "d9 20"), Text(new string('x', 255), "d9 ff"), Text(Wide, "da 0104"),
        Text(new string('x', 256), "da 0100"), Text(new string('x', 65535), "da ffff"), Text(new string('x', 65536), "db 00010000"),
    ];

    private static IEnumerable<Vector> Binaries =>
    [
        Binary(0, "c4 00"), Binary(1, "c4 01"), Binary(255, "c4 ff"), Binary(256, "c5 0100"), Binary(65535, "c5 ffff"), Binary(65536, "c6 00010000"),
    ];

    private static IEnumerable<Vector> Times =>
    [
        Of(DateTime.UnixEpoch, "d6ff 00000000"),
        Of(DateTime.UnixEpoch.AddSeconds(uint.MaxValue), "d6ff ffffffff"),
        Of(DateTime.UnixEpoch.AddTicks(1), "d7ff 00000190 00000000"),
        Of(DateTime.UnixEpoch.AddSeconds(uint.MaxValue + 1L), "d7ff 00000001 00000000"),
        Of(DateTime.UnixEpoch.AddSeconds(-1), "c70cff 00000000 ffffffffffffffff"),
        Of(DateTime.UnixEpoch.AddTicks(-1), "c70cff 3b9ac99c ffffffffffffffff"),
        Of(DateTime.UnixEpoch.AddSeconds(1L << 34), "c70cff 00000000 0000000400000000"),
    ];

    private static Vector Of(object? value, string hex) => new(value, Hex(hex));

    private static Vector Text(string value, string header) => new(value, [.. Hex(header), .. Encoding.UTF8.GetBytes(value)]);

    private static Vector Binary(int length, string header)
    {
        var value = Enumerable.Range(0, length).Select(i => (byte)(i * 7)).ToArray();
        return new Vector(value, [.. Hex(header), .. value]);
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
