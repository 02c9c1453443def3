namespace UdsBroker.Protocol.Tests;

/// <summary>
/// A length that a hostile peer claims is checked when it is read: at once, without memory, without depth of the stack, without an exception
/// (CWE-400, CWE-674, CWE-789, CWE-190). Each case is the fewest bytes that decide it.
/// </summary>
public sealed class HostileTests
{
    private static readonly string Deep = string.Concat(Enumerable.Repeat("91 ", 10_000));
    private static readonly string DeepMaps = string.Concat(Enumerable.Repeat("81 01 ", 10_000));

    private static string Nils(int count) => string.Concat(Enumerable.Repeat("C0 ", count));

    public static TheoryData<string, string, Violation> Cases => new()
    {
        { "no array at all: text", "47", Violation.NotAFrame },
        { "no array at all: a map", "81", Violation.NotAFrame },
        { "no array at all: nil", "C0", Violation.NotAFrame },
        { "no array at all: the byte that is never used", "C1", Violation.NotAFrame },
        { "an empty array", "90", Violation.MissingElement },
        { "a frame of 4 Gi elements", "DD FF FF FF FF", Violation.TooManyElements },
        { "a frame of one element too many", "DC 10 01", Violation.TooManyElements },
        { "kind zero", "92 00", Violation.UnknownKind },
        { "kind 13", "92 0D", Violation.UnknownKind },
        { "kind 261, which is 5 in its low byte", "95 CD 01 05", Violation.UnknownKind },
        { "kind -1", "95 FF", Violation.UnknownKind },
        { "kind as a negative int64", "95 D3 FF FF FF FF FF FF FF FB", Violation.UnknownKind },
        { "kind beyond 32 bits", "95 CF 00 00 00 01 00 00 00 05", Violation.UnknownKind },
        { "kind as text", "95 A1", Violation.UnknownKind },
        { "kind as a float", "95 CA", Violation.UnknownKind },
        { "a publish of four elements", "94 05", Violation.MissingElement },
        { "a hello of two elements", "92 01", Violation.MissingElement },
        { "a welcome of three elements", "93 02", Violation.MissingElement },
        { "a subscribe of three elements", "93 03", Violation.MissingElement },
        { "a deliver of three elements", "93 08", Violation.MissingElement },
        { "an error of three elements", "93 09", Violation.MissingElement },
        { "a ping of one element", "91 06", Violation.MissingElement },
        { "a subject of 4 GiB", "95 05 DB FF FF FF FF", Violation.SubjectTooBig },
        { "a subject of one byte too many", "95 05 DA 01 00", Violation.SubjectTooBig },
        { "an empty subject", "95 05 A0", Violation.EmptySubject },
        { "an empty reply", "95 05 A1 61 A0", Violation.EmptySubject },
        { "a reply of 4 GiB", "95 05 A1 61 DB FF FF FF FF", Violation.SubjectTooBig },
        { "a subject that is a number", "95 05 07", Violation.WrongType },
        { "a subject that is nil", "95 05 C0", Violation.WrongType },
        { "a subject that is a bin", "95 05 C4", Violation.WrongType },
        { "a reply that is a map", "95 05 A1 61 80", Violation.WrongType },
        { "headers that are an array", "95 05 A1 61 C0 90", Violation.WrongType },
        { "headers of 4 Gi entries", "95 05 A1 61 C0 DF FF FF FF FF", Violation.TooManyHeaders },
        { "headers of 2 Gi entries, which are zero elements in 32 bits", "95 05 A1 61 C0 DF 80 00 00 00", Violation.TooManyHeaders },
        { "headers of one entry too many", "95 05 A1 61 C0 DE 00 41", Violation.TooManyHeaders },
        { "a header name of 4 GiB", "95 05 A1 61 C0 81 DB FF FF FF FF", Violation.HeadersTooBig },
        { "a header value of 16 KiB", "95 05 A1 61 C0 81 A1 6B DA 40 00", Violation.HeadersTooBig },
        { "a header name that is a number", "95 05 A1 61 C0 81 01", Violation.WrongType },
        { "a header value that is nil", "95 05 A1 61 C0 81 A1 6B C0", Violation.WrongType },
        { "a payload of 4 GiB", "95 05 A1 61 C0 C0 C6 FF FF FF FF", Violation.PayloadTooBig },
        { "a payload of 2 GiB, which is negative in 32 bits", "95 05 A1 61 C0 C0 C6 80 00 00 00", Violation.PayloadTooBig },
        { "a payload of one byte too many", "95 05 A1 61 C0 C0 C6 01 00 00 01", Violation.PayloadTooBig },
        { "a payload that is text", "95 05 A1 61 C0 C0 A2", Violation.WrongType },
        { "a payload that is nil", "95 05 A1 61 C0 C0 C0", Violation.WrongType },
        { "the byte that is never used for a subject", "95 05 C1", Violation.NeverUsedByte },
        { "the byte that is never used after a ping", "93 06 01 C1", Violation.NeverUsedByte },
        { "a subject that is not UTF-8", "95 05 A2 C3 28", Violation.InvalidUtf8 },
        { "a subject with an overlong slash", "95 05 A2 C0 AF", Violation.InvalidUtf8 },
        { "a subject with half of a surrogate pair", "95 05 A3 ED A0 80", Violation.InvalidUtf8 },
        { "a reply that is not UTF-8", "95 05 A1 61 A1 FF", Violation.InvalidUtf8 },
        { "a header value that is not UTF-8", "95 05 A1 61 C0 81 A1 6B A1 80", Violation.InvalidUtf8 },
        { "arrays 10,000 deep", "93 01 01 " + Deep, Violation.TooDeep },
        { "maps 10,000 deep", "93 01 01 " + DeepMaps, Violation.TooDeep },
        { "arrays 10,000 deep after a publish", "96 05 A1 61 C0 C0 C4 00 " + Deep, Violation.TooDeep },
        { "a map of 4 Gi entries for options", "93 01 01 DF FF FF FF FF", Violation.TooManyElements },
        { "a map of 2 Gi entries, which are zero elements in 32 bits", "94 03 01 A1 61 DF 80 00 00 00", Violation.TooManyElements },
        { "a nested array of 4 Gi elements", "93 06 01 DD FF FF FF FF", Violation.TooManyElements },
        { "two arrays that only together have too many elements", "94 06 01 DC 0F F0 " + Nils(0xFF0) + "DC 00 20", Violation.TooManyElements },
        { "a hello name of 4 GiB", "93 01 01 81 A4 6E 61 6D 65 DB FF FF FF FF", Violation.ControlFrameTooBig },
        { "a hello of more than 4 KiB", "93 01 01 81 A4 6E 61 6D 65 DA 10 00", Violation.ControlFrameTooBig },
        { "a pattern of 64 KiB", "94 03 01 DB 00 01 00 00", Violation.ControlFrameTooBig },
        { "an extension of 4 GiB after a ping", "93 06 01 C9 FF FF FF FF 01", Violation.ControlFrameTooBig },
        { "a bin of 4 GiB after a publish", "96 05 A1 61 C0 C0 C4 00 C6 FF FF FF FF", Violation.ControlFrameTooBig },
    };

    [Theory]
    [InlineData("A1 61")]
    [InlineData("C4 01 61")]
    [InlineData("CD 01 00")]
    [InlineData("D4 01 00")]
    public void The_deepest_array_that_is_allowed_may_hold_anything_but_another(string hex)
    {
        string arrays = string.Concat(Enumerable.Repeat("91 ", Limits.Default.MaxDepth - 1));
        Assert.Equal(ScanResult.Done, FrameScanner.Scan(Hex.Bytes("93 06 01 " + arrays + hex), Limits.Default, out FrameHead head));
        Assert.Equal(FrameKind.Ping, head.Kind);
        Assert.Equal(ScanResult.Violation, FrameScanner.Scan(Hex.Bytes("93 06 01 " + arrays + "91 " + hex), Limits.Default, out head));
        Assert.Equal(Violation.TooDeep, head.Violation);
    }

    [Theory]
    [InlineData("DD FF FF FF FF", "the frame has at least 4294967295 elements, more than max-elements, 4096")]
    [InlineData("94 06 01 DC 0F F0 DC 00 20", "the frame has at least 4116 elements, more than max-elements, 4096")]
    [InlineData("95 05 DA 01 00", "the subject or the reply subject has 256 bytes, more than max-subject-bytes, 255")]
    [InlineData("95 05 A1 61 DB FF FF FF FF", "the subject or the reply subject has 4294967295 bytes, more than max-subject-bytes, 255")]
    [InlineData("95 05 A1 61 C0 DE 00 41", "the header map has 65 entries, more than max-headers, 64")]
    [InlineData("95 05 A1 61 C0 81 A1 6B DA 40 00", "the header map has at least 16390 bytes, more than max-header-bytes, 16384")]
    [InlineData("95 05 A1 61 C0 81 DB FF FF FF FF", "the header map has at least 4294967295 bytes, more than max-header-bytes, 16384")]
    [InlineData("95 05 A1 61 C0 C0 C6 01 00 00 01", "the payload has 16777217 bytes, more than max-payload-bytes, 16777216")]
    [InlineData("96 05 A1 61 C0 C0 C4 00 C6 00 01 00 00", "the frame has at least 65549 bytes without its payload, more than max-control-frame-bytes, 65536")]
    [InlineData("96 05 A1 61 C0 C0 C4 02 00 00 C6 00 01 00 00", "the frame has at least 65549 bytes without its payload, more than max-control-frame-bytes, 65536")]
    [InlineData("94 03 01 DB 00 01 00 00", "the frame has at least 65545 bytes without its payload, more than max-control-frame-bytes, 65536")]
    [InlineData("93 01 01 81 A4 6E 61 6D 65 DA 10 00", "HELLO has at least 4108 bytes, more than max-hello-bytes, 4096")]
    public void A_frame_that_is_too_big_is_refused_with_its_own_number_and_the_limit(string hex, string sentence)
    {
        string allNils = hex.Replace("DC 0F F0", "DC 0F F0 " + Nils(0xFF0), StringComparison.Ordinal);
        Assert.Equal(ScanResult.TooBig, FrameScanner.Scan(Hex.Bytes(allNils), Limits.Default, out FrameHead head));
        Assert.Equal(sentence, head.Describe(Limits.Default));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_claim_is_refused_when_its_last_deciding_byte_is_there(string name, string hex, Violation expected)
    {
        byte[] bytes = Hex.Bytes(hex);
        ScanResult result = FrameScanner.Scan(bytes, Limits.Default, out FrameHead head);
        Assert.Equal((expected, expected.IsTooBig() ? ScanResult.TooBig : ScanResult.Violation), (head.Violation, result));
        Assert.NotEmpty(head.Describe(Limits.Default));

        int deciding = Enumerable.Range(0, bytes.Length + 1)
            .First(cut => FrameScanner.Scan(bytes.AsSpan(0, cut), Limits.Default, out _) != ScanResult.NeedMore);
        Assert.True(deciding == bytes.Length || expected == Violation.TooDeep, $"{name}: decided at {deciding} of {bytes.Length}");
        Assert.Equal(0, Allocation.Of(() => FrameScanner.Scan(bytes, Limits.Default, out _)));
    }

    [Theory]
    [InlineData("93 01 01", "91")]
    [InlineData("93 01 01", "81 01")]
    [InlineData("94 03 01 A1 61", "91")]
    [InlineData("96 05 A1 61 C0 C0 C4 00", "81 01")]
    public void A_million_arrays_or_maps_within_each_other_are_refused_at_the_limit(string start, string level)
    {
        byte[] bytes = [.. Hex.Bytes(start), .. Enumerable.Repeat(Hex.Bytes(level), 1_000_000).SelectMany(one => one)];
        Assert.Equal(ScanResult.Violation, FrameScanner.Scan(bytes, Limits.Default, out FrameHead head));
        Assert.Equal(Violation.TooDeep, head.Violation);
        Assert.Equal(0, Allocation.Of(() => FrameScanner.Scan(bytes, Limits.Default, out _)));

        int deciding = start.Split(' ').Length + (Limits.Default.MaxDepth * level.Split(' ').Length);
        Assert.Equal(ScanResult.Violation, FrameScanner.Scan(bytes.AsSpan(0, deciding), Limits.Default, out _));
    }

    [Fact]
    public void What_follows_a_refused_frame_changes_nothing()
    {
        foreach ((_, string hex, _) in Cases.Select(row => row.Data))
        {
            byte[] bytes = Hex.Bytes(hex);
            ScanResult alone = FrameScanner.Scan(bytes, Limits.Default, out FrameHead first);
            ScanResult followed = FrameScanner.Scan([.. bytes, .. new byte[300]], Limits.Default, out FrameHead second);
            Assert.Equal((alone, first.Violation), (followed, second.Violation));
        }
    }

    [Fact]
    public void The_largest_of_everything_is_allowed()
    {
        Limits limits = Limits.Default;
        AssertDone(Publish(limits.MaxPayloadBytes, subject: limits.MaxSubjectBytes, headers: []));
        AssertRefused(Violation.PayloadTooBig, Publish(limits.MaxPayloadBytes + 1, subject: 1, headers: []));
        AssertRefused(Violation.SubjectTooBig, Publish(0, subject: limits.MaxSubjectBytes + 1, headers: []));

        byte[] entries = HeaderCodec.Encode([.. Enumerable.Range(0, limits.MaxHeaders).Select(i => KeyValuePair.Create($"h{i}", "v"))]);
        AssertDone(Publish(0, 1, entries));

        // A map of one entry: 1 byte for the map, 2 for the name, 3 before the value.
        AssertDone(Publish(0, 1, HeaderCodec.Encode([KeyValuePair.Create("k", new string('v', limits.MaxHeaderBytes - 6))])));
        AssertRefused(Violation.HeadersTooBig, Publish(0, 1, HeaderCodec.Encode([KeyValuePair.Create("k", new string('v', limits.MaxHeaderBytes - 5))])));
    }

    [Fact]
    public void The_deepest_nesting_is_allowed()
    {
        byte[] deepest = [0x93, 6, 1, .. Enumerable.Repeat((byte)0x91, Limits.Default.MaxDepth - 2), 0x90];
        AssertDone(deepest);
        AssertRefused(Violation.TooDeep, [0x93, 6, 1, .. Enumerable.Repeat((byte)0x91, Limits.Default.MaxDepth - 1), 0x90]);
    }

    [Fact]
    public void The_most_elements_are_allowed()
    {
        int nested = Limits.Default.MaxElements - 2;
        AssertDone([0x92, 6, .. Pack.Array(nested)[0], .. new byte[nested]]);
        AssertRefused(Violation.TooManyElements, [0x92, 6, .. Pack.Array(nested + 1)[0]]);
    }

    [Fact]
    public void The_largest_control_frame_is_allowed_and_no_byte_more()
    {
        // [10, 0, str32]: 1 + 1 + 1 + 5 bytes before the text.
        int text = Limits.Default.MaxControlFrameBytes - 8;
        AssertDone([0x93, 10, 0, .. Pack.Str(new byte[text])[^1]]);
        AssertRefused(Violation.ControlFrameTooBig, [0x93, 10, 0, .. Pack.Str(new byte[text + 1])[^1]]);
    }

    [Fact]
    public void Bytes_after_a_large_payload_are_bounded_like_a_control_frame()
    {
        byte[] head = new byte[32];
        int start = FrameWriter.WritePublishHead(head, "a"u8, default, default, 1 << 20);
        head[0] = 0x96;
        int room = Limits.Default.MaxControlFrameBytes - start - 5;
        AssertDone([.. head[..start], .. new byte[1 << 20], .. Pack.Bin(new byte[room])[^1]]);
        AssertRefused(Violation.ControlFrameTooBig, [.. head[..start], .. new byte[1 << 20], .. Pack.Bin(new byte[room + 1])[^1]]);
    }

    [Fact]
    public void Options_without_end_take_no_more_memory_than_the_first()
    {
        byte[] again = [0x94, 3, 1, 0xA1, 0x61, 0xDE, 0x07, 0xD0, .. Enumerable.Repeat(Hex.Bytes("A5 71 75 65 75 65 A1 61"), 2000).SelectMany(option => option)];
        AssertDone(again);
        Assert.InRange(Allocation.Of(() => CommandReader.TryReadSubscribe(again, out _, out _)), 0, 4096);
    }

    [Theory]
    [InlineData("94 03 01 A1 61 81 A5 71 75 65 75 65", 60_000)] // queue
    [InlineData("94 03 01 A1 61 81 A8 6F 76 65 72 66 6C 6F 77", 60_000)] // overflow
    [InlineData("93 01 01 81 A4 6E 61 6D 65", 4000)] // name
    public void A_text_that_is_not_UTF_8_is_a_violation_and_nothing_is_made_of_it(string start, int length)
    {
        byte[] frame = [.. Hex.Bytes(start), .. Pack.Str([.. Enumerable.Repeat((byte)0xFF, length)])[^1]];
        AssertDone(frame);
        Assert.False(Commands.TryRead(frame, (FrameKind)frame[1], out _, out CommandFault fault));
        Assert.True(fault.IsViolation, fault.Message);
        Assert.InRange(Allocation.Of(() => Commands.TryRead(frame, (FrameKind)frame[1], out _, out _)), 0, 2048);
    }

    [Fact]
    public void A_sentence_about_a_header_quotes_the_beginning_of_its_name()
    {
        byte[] name = Enumerable.Repeat((byte)'n', 3000).ToArray();
        byte[] frame = [.. Hex.Bytes("93 01 01 81 A4 77 69 6C 6C 82 A7 73 75 62 6A 65 63 74 A1 61 A7 68 65 61 64 65 72 73 81"), .. Pack.Str(name)[^1], 0x01];
        AssertDone(frame);
        Assert.False(Commands.TryRead(frame, FrameKind.Hello, out _, out CommandFault fault));
        Assert.Equal($"HELLO: the option headers.{new string('n', 80)} must be a str", fault.Message);
        Assert.InRange(Allocation.Of(() => Commands.TryRead(frame, FrameKind.Hello, out _, out _)), 0, 4096);
    }

    [Fact]
    public void The_most_that_a_hello_can_make_of_its_bytes_is_a_dictionary_of_short_texts()
    {
        const int Entries = 1000;
        byte[] headers = [0xDE, Entries >> 8, Entries & 0xFF, .. Enumerable.Range(0, Entries).SelectMany(i => new byte[] { 0xA2, (byte)(' ' + (i / 64)), (byte)(' ' + (i % 64)), 0xA0 })];
        byte[] hello = [0x93, 1, 1, 0x81, .. Pack.Str("will")[0], 0x82, .. Pack.Str("subject")[0], 0xA1, 0x61, .. Pack.Str("headers")[0], .. headers];
        AssertDone(hello);
        Assert.True(CommandReader.TryReadHello(hello, out HelloCommand? read, out _));
        Assert.Equal(Entries, read.Options.Will!.Headers!.Count);
        Assert.InRange(Allocation.Of(() => CommandReader.TryReadHello(hello, out _, out _)), 0, (2 * hello.Length) + (128 * Entries) + 4096);
    }

    private static byte[] Publish(int payload, int subject, byte[] headers)
    {
        byte[] name = [.. Enumerable.Repeat((byte)'s', subject)];
        byte[] frame = new byte[FrameWriter.PublishOverhead(subject, -1, headers.Length, payload) + payload];
        Assert.Equal(frame.Length, FrameWriter.WritePublish(frame, name, default, headers, new byte[payload]));
        return frame;
    }

    private static void AssertDone(byte[] bytes)
    {
        ScanResult result = FrameScanner.Scan(bytes, Limits.Default, out FrameHead head);
        Assert.Equal((ScanResult.Done, Violation.None, bytes.Length), (result, head.Violation, head.Length));
    }

    private static void AssertRefused(Violation violation, byte[] bytes)
    {
        ScanResult result = FrameScanner.Scan(bytes, Limits.Default, out FrameHead head);
        Assert.Equal(violation, head.Violation);
        Assert.Equal(violation.IsTooBig() ? ScanResult.TooBig : ScanResult.Violation, result);
    }
}
