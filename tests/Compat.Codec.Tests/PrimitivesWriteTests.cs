using MessagePack;
using static MessagePack.MessagePackPrimitives;

namespace UdsBroker.Compat.Codec.Tests;

/// <summary>One token into a span: what fits, and what is needed when it does not.</summary>
public class PrimitivesWriteTests
{
    private delegate bool Write(Span<byte> destination, out int bytesWritten);

    private static readonly Dictionary<string, Write> Writers = new()
    {
        ["c0"] = (Span<byte> d, out int n) => TryWriteNil(d, out n),
        ["c3"] = (Span<byte> d, out int n) => TryWrite(d, true, out n),
        ["93"] = (Span<byte> d, out int n) => TryWriteArrayHeader(d, 3, out n),
        ["dc0100"] = (Span<byte> d, out int n) => TryWriteArrayHeader(d, 256, out n),
        ["dd80000000"] = (Span<byte> d, out int n) => TryWriteArrayHeader(d, 1u << 31, out n),
        ["83"] = (Span<byte> d, out int n) => TryWriteMapHeader(d, 3, out n),
        ["de0100"] = (Span<byte> d, out int n) => TryWriteMapHeader(d, 256, out n),
        ["dfffffffff"] = (Span<byte> d, out int n) => TryWriteMapHeader(d, uint.MaxValue, out n),
        ["a3"] = (Span<byte> d, out int n) => TryWriteStringHeader(d, 3, out n),
        ["d920"] = (Span<byte> d, out int n) => TryWriteStringHeader(d, 32, out n),
        ["da0100"] = (Span<byte> d, out int n) => TryWriteStringHeader(d, 256, out n),
        ["db00010000"] = (Span<byte> d, out int n) => TryWriteStringHeader(d, 65536, out n),
        ["c403"] = (Span<byte> d, out int n) => TryWriteBinHeader(d, 3, out n),
        ["c50100"] = (Span<byte> d, out int n) => TryWriteBinHeader(d, 256, out n),
        ["c600010000"] = (Span<byte> d, out int n) => TryWriteBinHeader(d, 65536, out n),
        ["d409"] = (Span<byte> d, out int n) => TryWriteExtensionFormatHeader(d, new ExtensionHeader(9, 1), out n),
        ["c70309"] = (Span<byte> d, out int n) => TryWriteExtensionFormatHeader(d, new ExtensionHeader(9, 3), out n),
        ["c8010009"] = (Span<byte> d, out int n) => TryWriteExtensionFormatHeader(d, new ExtensionHeader(9, 256), out n),
        ["c90001000009"] = (Span<byte> d, out int n) => TryWriteExtensionFormatHeader(d, new ExtensionHeader(9, 65536), out n),
        ["cc07"] = (Span<byte> d, out int n) => TryWriteUInt8(d, 7, out n),
        ["cd0007"] = (Span<byte> d, out int n) => TryWriteUInt16(d, 7, out n),
        ["ce00000007"] = (Span<byte> d, out int n) => TryWriteUInt32(d, 7, out n),
        ["cf0000000000000007"] = (Span<byte> d, out int n) => TryWriteUInt64(d, 7, out n),
        ["d0f9"] = (Span<byte> d, out int n) => TryWriteInt8(d, -7, out n),
        ["d1fff9"] = (Span<byte> d, out int n) => TryWriteInt16(d, -7, out n),
        ["d2fffffff9"] = (Span<byte> d, out int n) => TryWriteInt32(d, -7, out n),
        ["d3fffffffffffffff9"] = (Span<byte> d, out int n) => TryWriteInt64(d, -7, out n),
        ["d1ff00"] = (Span<byte> d, out int n) => TryWrite(d, -256, out n),
        ["cd0400"] = (Span<byte> d, out int n) => TryWrite(d, 1024ul, out n),
        ["ca3f800000"] = (Span<byte> d, out int n) => TryWrite(d, 1f, out n),
        ["cb3ff0000000000000"] = (Span<byte> d, out int n) => TryWrite(d, 1d, out n),
        ["41"] = (Span<byte> d, out int n) => TryWrite(d, 'A', out n),
        ["d6ff00000001"] = (Span<byte> d, out int n) => TryWrite(d, DateTime.UnixEpoch.AddSeconds(1), out n),
        ["d7ff0000019000000001"] = (Span<byte> d, out int n) => TryWrite(d, DateTime.UnixEpoch.AddSeconds(1).AddTicks(1), out n),
        ["c70cff00000000fffffffffffffffe"] = (Span<byte> d, out int n) => TryWrite(d, DateTime.UnixEpoch.AddSeconds(-2), out n),
    };

    [Fact]
    public void A_token_is_written_where_it_fits_exactly()
    {
        foreach (var (hex, write) in Writers)
        {
            var destination = new byte[hex.Length / 2];
            Assert.True(write(destination, out var written), hex);
            Assert.Equal(hex, Convert.ToHexStringLower(destination));
            Assert.Equal(destination.Length, written);
        }
    }

    [Fact]
    public void A_destination_that_is_too_short_is_refused_with_the_length_that_is_needed()
    {
        foreach (var (hex, write) in Writers)
        {
            for (var length = 0; length < hex.Length / 2; length++)
            {
                Assert.False(write(new byte[length], out var needed), hex);
                Assert.Equal(hex.Length / 2, needed);
            }
        }
    }

    [Fact]
    public void Local_time_is_written_as_utc_and_unspecified_time_as_it_is()
    {
        var utc = new DateTime(2024, 2, 29, 12, 0, 0, DateTimeKind.Utc);
        foreach (var time in new[] { utc, utc.ToLocalTime(), DateTime.SpecifyKind(utc, DateTimeKind.Unspecified) })
        {
            var destination = new byte[6];
            Assert.True(TryWrite(destination, time, out _));
            Assert.Equal("d6ff65e071c0", Convert.ToHexStringLower(destination));
        }
    }
}
