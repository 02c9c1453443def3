using MessagePack;
using static MessagePack.MessagePackPrimitives;

namespace UdsBroker.Compat.Codec.Tests;

/// <summary>One token from a span: the four answers, and what they say about the size.</summary>
public class PrimitivesReadTests
{
    private delegate DecodeResult Read(ReadOnlySpan<byte> source, out object value, out int tokenSize);

    private static readonly (MessagePackType Kind, Read Read)[] Readers =
    [
        (MessagePackType.Nil, (ReadOnlySpan<byte> s, out object v, out int n) => With(TryReadNil(s, out n), v = "nil")),
        (MessagePackType.Boolean, (ReadOnlySpan<byte> s, out object v, out int n) => With(TryReadBool(s, out var x, out n), v = x)),
        (MessagePackType.Array, (ReadOnlySpan<byte> s, out object v, out int n) => With(TryReadArrayHeader(s, out var x, out n), v = x)),
        (MessagePackType.Map, (ReadOnlySpan<byte> s, out object v, out int n) => With(TryReadMapHeader(s, out var x, out n), v = x)),
        (MessagePackType.String, (ReadOnlySpan<byte> s, out object v, out int n) => With(TryReadStringHeader(s, out var x, out n), v = x)),
        (MessagePackType.Binary, (ReadOnlySpan<byte> s, out object v, out int n) => With(TryReadBinHeader(s, out var x, out n), v = x)),
        (MessagePackType.Extension, (ReadOnlySpan<byte> s, out object v, out int n) => With(TryReadExtensionHeader(s, out var x, out n), v = x)),
        (MessagePackType.Integer, (ReadOnlySpan<byte> s, out object v, out int n) => With(TryReadInt64(s, out var x, out n), v = x)),
    ];

    [Fact]
    public void Every_first_byte_is_read_by_its_own_kind_only()
    {
        for (var code = 0; code <= 255; code++)
        {
            byte[] source = [(byte)code, 0, 0, 0, 1, 0, 0, 0, 1];
            var kind = MessagePackCode.ToMessagePackType((byte)code);
            foreach (var (own, read) in Readers)
            {
                var result = read(source, out _, out var tokenSize);
                Assert.Equal(own == kind ? DecodeResult.Success : DecodeResult.TokenMismatch, result);
                if (own == kind)
                    Assert.Equal(TokenSize((byte)code), tokenSize);
            }
        }
    }

    [Fact]
    public void Every_cut_of_every_token_is_insufficient_and_says_how_much_is_missing_at_least()
    {
        for (var code = 0; code <= 255; code++)
        {
            var kind = MessagePackCode.ToMessagePackType((byte)code);
            var read = Readers.FirstOrDefault(reader => reader.Kind == kind).Read;
            byte[] source = [(byte)code, 0, 0, 0, 1, 0, 0, 0, 1];
            for (var cut = 1; read != null && cut < TokenSize((byte)code); cut++)
            {
                Assert.Equal(DecodeResult.InsufficientBuffer, read(source.AsSpan(0, cut), out _, out var tokenSize));
                Assert.InRange(tokenSize, cut + 1, TokenSize((byte)code));
            }
        }
    }

    [Fact]
    public void No_bytes_are_an_empty_buffer()
    {
        foreach (var (_, read) in Readers)
            Assert.Equal(DecodeResult.EmptyBuffer, read([], out _, out _));
        Assert.Equal(DecodeResult.EmptyBuffer, TryReadByte([], out _, out _));
        Assert.Equal(DecodeResult.EmptyBuffer, TryReadUInt16([], out _, out _));
        Assert.Equal(DecodeResult.EmptyBuffer, TryReadUInt32([], out _, out _));
        Assert.Equal(DecodeResult.EmptyBuffer, TryReadUInt64([], out _, out _));
        Assert.Equal(DecodeResult.EmptyBuffer, TryReadSByte([], out _, out _));
        Assert.Equal(DecodeResult.EmptyBuffer, TryReadInt16([], out _, out _));
        Assert.Equal(DecodeResult.EmptyBuffer, TryReadInt32([], out _, out _));
        Assert.Equal(DecodeResult.EmptyBuffer, TryReadChar([], out _, out _));
        Assert.Equal(DecodeResult.EmptyBuffer, TryReadSingle([], out _, out _));
        Assert.Equal(DecodeResult.EmptyBuffer, TryReadDouble([], out _, out _));
        Assert.Equal(DecodeResult.EmptyBuffer, TryReadDateTime([], out _, out _));
    }

    [Theory]
    [InlineData("05", 5)]
    [InlineData("cc05", 5)]
    [InlineData("cd0005", 5)]
    [InlineData("ce00000005", 5)]
    [InlineData("cf0000000000000005", 5)]
    [InlineData("d005", 5)]
    [InlineData("d10005", 5)]
    [InlineData("d200000005", 5)]
    [InlineData("d30000000000000005", 5)]
    public void Any_encoding_of_an_integer_is_read_as_any_type(string hex, int expected)
    {
        var source = Convert.FromHexString(hex);
        Assert.Equal((DecodeResult.Success, expected, source.Length), (TryReadByte(source, out var a, out var n), a, n));
        Assert.Equal((DecodeResult.Success, expected, source.Length), (TryReadUInt16(source, out var b, out n), b, n));
        Assert.Equal((DecodeResult.Success, (uint)expected, source.Length), (TryReadUInt32(source, out var c, out n), c, n));
        Assert.Equal((DecodeResult.Success, (ulong)expected, source.Length), (TryReadUInt64(source, out var d, out n), d, n));
        Assert.Equal((DecodeResult.Success, expected, source.Length), (TryReadSByte(source, out var e, out n), e, n));
        Assert.Equal((DecodeResult.Success, expected, source.Length), (TryReadInt16(source, out var f, out n), f, n));
        Assert.Equal((DecodeResult.Success, expected, source.Length), (TryReadInt32(source, out var g, out n), g, n));
        Assert.Equal((DecodeResult.Success, (long)expected, source.Length), (TryReadInt64(source, out var h, out n), h, n));
        Assert.Equal((DecodeResult.Success, 5f, source.Length), (TryReadSingle(source, out var i, out n), i, n));
        Assert.Equal((DecodeResult.Success, 5d, source.Length), (TryReadDouble(source, out var j, out n), j, n));
    }

    [Theory]
    [InlineData("ff")]
    [InlineData("d0ff")]
    [InlineData("d1ffff")]
    [InlineData("d2ffffffff")]
    [InlineData("d3ffffffffffffffff")]
    public void A_negative_integer_overflows_unsigned_types(string hex)
    {
        var source = Convert.FromHexString(hex);
        Assert.Throws<OverflowException>(() => TryReadByte(source, out _, out _));
        Assert.Throws<OverflowException>(() => TryReadUInt16(source, out _, out _));
        Assert.Throws<OverflowException>(() => TryReadUInt32(source, out _, out _));
        Assert.Throws<OverflowException>(() => TryReadUInt64(source, out _, out _));
        Assert.Equal((DecodeResult.Success, -1L), (TryReadInt64(source, out var value, out _), value));
        Assert.Equal((DecodeResult.Success, -1f), (TryReadSingle(source, out var single, out _), single));
        Assert.Equal((DecodeResult.Success, -1d), (TryReadDouble(source, out var number, out _), number));
    }

    [Fact]
    public void A_timestamp_is_missing_before_it_is_of_the_wrong_length()
    {
        var header = new ExtensionHeader(ReservedMessagePackExtensionTypeCode.DateTime, 16);
        Assert.Equal((DecodeResult.InsufficientBuffer, 16), (TryReadDateTime(new byte[15], header, out _, out var missing), missing));
        Assert.Equal((DecodeResult.TokenMismatch, 16), (TryReadDateTime(new byte[16], header, out _, out var size), size));
    }

    [Fact]
    public void An_integer_that_is_too_large_overflows()
    {
        var large = Convert.FromHexString("cfffffffffffffffff");
        Assert.Throws<OverflowException>(() => TryReadInt64(large, out _, out _));
        Assert.Throws<OverflowException>(() => TryReadUInt32(large, out _, out _));
        Assert.Throws<OverflowException>(() => TryReadSByte((byte[])[0xcc, 128], out _, out _));
        Assert.Throws<OverflowException>(() => TryReadByte((byte[])[0xcd, 1, 0], out _, out _));
        Assert.Equal((DecodeResult.Success, (double)ulong.MaxValue), (TryReadDouble(large, out var number, out _), number));
    }

    [Fact]
    public void Numbers_convert_between_their_widths_and_keep_the_bits_of_their_own()
    {
        Assert.Equal((DecodeResult.Success, 1.5d), (TryReadDouble((byte[])[0xca, 0x3f, 0xc0, 0, 0], out var wide, out _), wide));
        Assert.Equal((DecodeResult.Success, 1.5f), (TryReadSingle((byte[])[0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0], out var narrow, out _), narrow));
        Assert.Equal(DecodeResult.Success, TryReadSingle((byte[])[0xca, 0x7f, 0xa0, 0, 1], out var signalling, out _));
        Assert.Equal(0x7fa0_0001u, BitConverter.SingleToUInt32Bits(signalling));
        Assert.Equal(DecodeResult.TokenMismatch, TryReadDouble((byte[])[0xa1, 0x31], out _, out _));
        Assert.Equal(DecodeResult.InsufficientBuffer, TryReadSingle((byte[])[0xca, 0, 0, 0], out _, out var missing));
        Assert.Equal(5, missing);
    }

    [Fact]
    public void A_timestamp_needs_its_own_type_and_length()
    {
        Assert.Equal(DecodeResult.TokenMismatch, TryReadDateTime((byte[])[0xd6, 1, 0, 0, 0, 0], out _, out _));
        Assert.Equal(DecodeResult.TokenMismatch, TryReadDateTime((byte[])[0xd5, 0xff, 0, 0], out _, out _));
        Assert.Equal(DecodeResult.InsufficientBuffer, TryReadDateTime((byte[])[0xd6, 0xff, 0, 0, 0], out _, out var size));
        Assert.Equal(6, size);
        Assert.Equal(DecodeResult.Success, TryReadDateTime((byte[])[0, 0, 0, 9], new ExtensionHeader(-1, 4), out var value, out size));
        Assert.Equal((DateTime.UnixEpoch.AddSeconds(9), DateTimeKind.Utc, 4), (value, value.Kind, size));
    }

    private static DecodeResult With(DecodeResult result, object value) => value == null ? default : result;

    private static int TokenSize(byte code) => code switch
    {
        MessagePackCode.UInt8 or MessagePackCode.Int8 or MessagePackCode.Bin8 or MessagePackCode.Str8 => 2,
        MessagePackCode.UInt16 or MessagePackCode.Int16 or MessagePackCode.Bin16 or MessagePackCode.Str16 => 3,
        MessagePackCode.Array16 or MessagePackCode.Map16 or MessagePackCode.Ext8 => 3,
        MessagePackCode.Ext16 => 4,
        MessagePackCode.UInt32 or MessagePackCode.Int32 or MessagePackCode.Bin32 or MessagePackCode.Str32 => 5,
        MessagePackCode.Array32 or MessagePackCode.Map32 or MessagePackCode.Float32 => 5,
        MessagePackCode.Ext32 => 6,
        MessagePackCode.UInt64 or MessagePackCode.Int64 or MessagePackCode.Float64 => 9,
        >= MessagePackCode.FixExt1 and <= MessagePackCode.FixExt16 => 2,
        _ => 1,
    };
}
