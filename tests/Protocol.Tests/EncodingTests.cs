namespace UdsBroker.Protocol.Tests;

/// <summary>Any valid encoding of an element is the same element, in every place where one can stand.</summary>
public sealed class EncodingTests
{
    private static readonly byte[] Id = Guid.Parse("0190163d-8694-739b-aea5-966c26f8ad91").ToByteArray(bigEndian: true);

    [Fact]
    public void Every_encoding_of_every_element_of_a_publish_is_the_same_publish()
    {
        int seen = 0;
        foreach (byte[] frame in Every(
            Pack.Array(5), Pack.UInt(5), Pack.Str("a.b"), [Pack.Nil, .. Pack.Str("r")], [Pack.Nil, .. Headers()], Pack.Bin("hi"u8.ToArray())))
        {
            Assert.Equal(ScanResult.Done, FrameScanner.Scan(frame, Limits.Default, out FrameHead head));
            Assert.Equal(frame.Length, head.Length);
            Assert.Equal("a.b"u8, frame.AsSpan(head.SubjectStart, head.SubjectLength));
            Assert.Equal("hi"u8, frame.AsSpan(head.PayloadStart, head.PayloadLength));
            if (head.ReplyLength >= 0)
                Assert.Equal("r"u8, frame.AsSpan(head.ReplyStart, head.ReplyLength));
            if (head.HeadersLength > 0)
                Assert.Equal(new() { ["k"] = "v" }, HeaderCodec.Decode(frame.AsSpan(head.HeadersStart, head.HeadersLength)));
            Assert.Equal((head.ReplyLength >= 0, head.HeadersLength > 0), (head.Parts.HasFlag(FrameParts.Reply), head.Parts.HasFlag(FrameParts.Headers)));
            seen++;
        }

        Assert.Equal(3 * 9 * 4 * 5 * (1 + (3 * 4 * 4)) * 3, seen);
    }

    [Fact]
    public void Every_encoding_of_a_control_frame_is_the_same_command()
    {
        AssertAll("[4,200,70000]", Pack.Array(3), Pack.UInt(4), Pack.UInt(200), Pack.UInt(70000));
        AssertAll("[6,5]", Pack.Array(2), Pack.UInt(6), Pack.UInt(5));
        AssertAll(
            "[7,5000000000,[0,300,3000000000]]",
            Pack.Array(3), Pack.UInt(7), Pack.UInt(5_000_000_000), Pack.Array(3), Pack.UInt(0), Pack.UInt(300), Pack.UInt(3_000_000_000));
        AssertAll($$"""[8,[7],{"$bin":"{{Convert.ToHexStringLower(Id)}}"},2]""",
            Pack.Array(4), Pack.UInt(8), Pack.Array(1), Pack.UInt(7), Pack.Bin(Id), Pack.UInt(2));
        AssertAll("""[9,300,"no",{"sid":"1"}]""", Pack.Array(4), Pack.UInt(9), Pack.UInt(300), Pack.Str("no"), Pack.Map(1), Pack.Str("sid"), Pack.Str("1"));
        AssertAll("""[10,3,"bye"]""", Pack.Array(3), Pack.UInt(10), Pack.UInt(3), Pack.Str("bye"));
        AssertAll("""[3,1,"a",{"credit":9}]""", Pack.Array(4), Pack.UInt(3), Pack.UInt(1), Pack.Str("a"), Pack.Map(1), Pack.Str("credit"), Pack.UInt(9));
        AssertAll("""[1,1,{"name":"x"}]""", Pack.Array(3), Pack.UInt(1), Pack.UInt(1), Pack.Map(1), Pack.Str("name"), Pack.Str("x"));
    }

    [Fact]
    public void Trailing_elements_of_every_type_are_skipped()
    {
        byte[][] unknown =
        [
            [0xC0], [0xC2], [0xC3], [0xE0], [0xFF], [0xCA, 1, 2, 3, 4], [0xCB, 1, 2, 3, 4, 5, 6, 7, 8], [0xD0, 0x80], [0xD3, 0x80, 0, 0, 0, 0, 0, 0, 0],
            [0xD4, 1, 0], [0xD5, 1, 0, 0], [0xD6, 0xFF, 0, 0, 0, 0], [0xD7, 1, .. new byte[8]], [0xD8, 1, .. new byte[16]],
            [0xC7, 0, 1], [0xC7, 2, 1, 9, 9], [0xC8, 0, 1, 1, 9], [0xC9, 0, 0, 0, 3, 1, 9, 9, 9],
            [0x90], [0x80], [0x92, 0xC0, 0x91, 0x90], [0x81, 0xA1, (byte)'k', 0x81, 0xC0, 0xC0], [0xDC, 0, 0], [0xDF, 0, 0, 0, 0],
            .. Pack.Str("text"), .. Pack.Bin([1, 2, 3]), .. Pack.UInt(77),
        ];
        foreach (byte[] element in unknown)
        {
            byte[] ping = Pack.Join([0x93, 6, 9], element);
            Assert.Equal("[6,9]", FrameText.Of(ping, out int length));
            Assert.Equal(ping.Length, length);

            byte[] publish = Pack.Join([0x97, 5, 0xA1, (byte)'a', 0xC0, 0xC0, 0xC4, 1, 0xC1], element, element);
            Assert.Equal("""[5,"a",null,null,{"$bin":"c1"}]""", FrameText.Of(publish, out length));
            Assert.Equal(publish.Length, length);

            byte[] welcome = Pack.Join([0x93, 1, 1, 0x82, 0xA1, (byte)'?'], element, [0xA4, .. "name"u8, 0xA1, (byte)'n']);
            Assert.Equal("""[1,1,{"name":"n"}]""", FrameText.Of(welcome, out _));
        }
    }

    private static IEnumerable<byte[]> Headers() => Every(Pack.Map(1), Pack.Str("k"), Pack.Str("v"));

    private static void AssertAll(string expected, params IReadOnlyList<byte[]>[] elements)
    {
        foreach (byte[] frame in Every(elements))
        {
            Assert.Equal(expected, FrameText.Of(frame, out int length));
            Assert.Equal(frame.Length, length);
        }
    }

    /// <summary>Every way to choose one encoding for each element.</summary>
    private static IEnumerable<byte[]> Every(params IReadOnlyList<byte[]>[] elements) =>
        elements.Aggregate(
            (IEnumerable<byte[]>)[[]],
            (starts, encodings) => starts.SelectMany(start => encodings.Select(encoding => Pack.Join(start, encoding))));
}
