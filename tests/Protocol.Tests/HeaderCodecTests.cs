using System.Text;

namespace UdsBroker.Protocol.Tests;

/// <summary>Headers as text and as bytes.</summary>
public sealed class HeaderCodecTests
{
    [Fact]
    public void No_headers_are_no_bytes()
    {
        Assert.Empty(HeaderCodec.Encode([]));
        Assert.Empty(HeaderCodec.Decode([]));
        Assert.Empty(HeaderCodec.Decode([0x80]));
        Assert.False(HeaderCodec.TryFind([], "a"u8, out _));
    }

    [Fact]
    public void Headers_keep_their_order_and_their_text()
    {
        KeyValuePair<string, string>[] headers =
        [
            new("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), new("", ""), new("größe", "☂ 12"), new(KnownHeaders.Retain, "1"),
            new("long", new string('x', 70_000)),
        ];
        byte[] encoded = HeaderCodec.Encode(headers);
        List<KeyValuePair<string, string>> read = [];
        HeaderEnumerator entries = HeaderCodec.Enumerate(encoded);
        while (entries.MoveNext())
            read.Add(new(Encoding.UTF8.GetString(entries.Name), Encoding.UTF8.GetString(entries.Value)));
        Assert.Equal(headers, read);
        Assert.False(entries.MoveNext());
        Assert.Equal(new Dictionary<string, string>(headers), HeaderCodec.Decode(encoded));
    }

    [Fact]
    public void The_first_of_two_equal_names_counts()
    {
        byte[] encoded = HeaderCodec.Encode([new("a", "1"), new("b", "2"), new("a", "3")]);
        Assert.True(HeaderCodec.TryFind(encoded, "a"u8, out ReadOnlySpan<byte> value));
        Assert.Equal("1"u8, value);
        Assert.Equal(new() { ["a"] = "1", ["b"] = "2" }, HeaderCodec.Decode(encoded));
        Assert.False(HeaderCodec.TryFind(encoded, "A"u8, out _));
    }

    [Fact]
    public void A_lone_surrogate_has_no_bytes() =>
        Assert.ThrowsAny<ArgumentException>(() => HeaderCodec.Encode([new("a", "\ud800")]));

    [Fact]
    public void A_map_that_is_cut_ends_early_and_throws_nothing()
    {
        byte[] encoded = HeaderCodec.Encode([new("name", "value"), new("other", "text")]);
        for (int cut = 0; cut < encoded.Length; cut++)
            Assert.InRange(HeaderCodec.Decode(encoded.AsSpan(0, cut)).Count, 0, 1);
        Assert.Empty(HeaderCodec.Decode([0x91, 0xA1, 0x61]));
    }
}
