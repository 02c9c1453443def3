namespace UdsBroker.Protocol.Tests;

/// <summary>
/// Runs: the fast step finds exactly the run that a plain loop over single scans finds, whatever frames are mixed and wherever the bytes
/// end.
/// </summary>
public sealed class RunTests
{
    private static readonly byte[][] Frames =
    [
        Frame("a", 0), Frame("a", 1), Frame("a", 16), Frame("a", 255), Frame("a", 256), Frame("a", 70_000),
        Frame("b", 3), Frame("ab", 3), Frame("orders.eu.created", 16), Frame("orders.eu.deleted", 16), Frame(new string('s', 40), 5), Frame(new string('s', 255), 5),
        Frame("a", 5, reply: "r"), Frame("a", 5, headers: true), Frame("a", 5, reply: "r", headers: true), Frame("orders.eu.created", 2, headers: true),
        Hex.Bytes("95 05 D9 01 61 C0 C0 C4 01 78"), // the subject a in another encoding
        Hex.Bytes("DC 00 05 05 A1 61 C0 C0 C4 01 78"),
        Hex.Bytes("96 05 A1 61 C0 C0 C4 01 78 C3"), // an element of a newer version
        Hex.Bytes("96 05 A1 61 C0 C0 C4 01 79 93 01 02 03"),
        Hex.Bytes("95 05 A1 61 C0 C0 C5 00 01 78"), // the payload in other encodings
        Hex.Bytes("95 05 A1 61 C0 C0 C6 00 00 00 01 78"),
        Hex.Bytes("92 06 01"), // no publish at all
        Hex.Bytes("93 0C 01 05"),
    ];

    private static readonly byte[][] Refused = [[0xC1], [0x91, 13], Hex.Bytes("95 05 A1 61 C0 C0 C6 7F FF FF FF"), Hex.Bytes("95 05 A1 61 07"), Hex.Bytes("95 05 A1 61 C0 C0 A1 78")];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_streams_have_the_runs_that_single_scans_find(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 2000; round++)
        {
            List<byte[]> parts = [];
            while (parts.Count < 12)
            {
                byte[] frame = Frames[random.Next(Frames.Length)];
                parts.AddRange(Enumerable.Repeat(frame.Length > 1000 && random.Next(20) > 0 ? Frames[0] : frame, random.Next(1, 4)));
            }

            if (random.Next(4) == 0)
                parts.Add(Refused[random.Next(Refused.Length)]);
            byte[] stream = Pack.Join([.. parts]);
            AssertRuns(stream.AsSpan(0, random.Next(2) == 0 ? stream.Length : random.Next(stream.Length + 1)), $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void A_run_cut_at_every_offset_ends_with_its_last_whole_frame()
    {
        byte[] stream = Pack.Join([Frame("a.b", 3), Frame("a.b", 0), Frame("a.b", 300), Frame("a.b", 2, reply: "r"), Frame("a.b", 2, headers: true), Frame("a.b", 1)]);
        for (int cut = 0; cut <= stream.Length; cut++)
            AssertRuns(stream.AsSpan(0, cut), $"cut {cut}");
    }

    [Fact]
    public void A_bad_frame_ends_the_run_before_it_and_says_so()
    {
        byte[] good = Pack.Join([Frame("a", 3), Frame("a", 3)]);
        AssertEnd(ScanResult.Done, good, []);
        AssertEnd(ScanResult.Done, good, Frame("b", 1));
        AssertEnd(ScanResult.Done, good, [0xC1]);
        AssertEnd(ScanResult.NeedMore, good, [0x95]);
        AssertEnd(ScanResult.NeedMore, good, Frame("a", 3)[..^1]);
        AssertEnd(ScanResult.Violation, good, Hex.Bytes("95 05 A1 61 07"));
        AssertEnd(ScanResult.TooBig, good, Hex.Bytes("95 05 A1 61 C0 C0 C6 7F FF FF FF"));
        AssertEnd(ScanResult.TooBig, good, Hex.Bytes("95 05 A1 61 C0 DF FF FF FF FF"));

        static void AssertEnd(ScanResult expected, byte[] run, byte[] next)
        {
            byte[] bytes = [.. run, .. next];
            FrameScanner.Scan(bytes, Limits.Default, out FrameHead first);
            int length = first.Length;
            int count = 1;
            Assert.Equal(expected, FrameScanner.ExtendRun(bytes, first, Limits.Default, ref length, ref count, out _));
            Assert.Equal((run.Length, 2), (length, count));
        }
    }

    [Fact]
    public void A_run_is_plain_when_none_of_its_frames_has_reply_or_headers()
    {
        byte[] plain = Frame("a", 3), other = Frame("a", 3, headers: true);
        AssertPlain(true, plain);
        AssertPlain(true, plain, plain, Frame("b", 1, headers: true));
        AssertPlain(true, [0x96, .. plain[1..], 0x01]);
        AssertPlain(false, other);
        AssertPlain(false, plain, other, plain);
        AssertPlain(false, other, plain);
        AssertPlain(false, plain, Hex.Bytes("95 05 A1 61 A1 72 C0 C4 00"));

        static void AssertPlain(bool expected, params byte[][] frames)
        {
            byte[] bytes = Pack.Join(frames);
            FrameScanner.Scan(bytes, Limits.Default, out FrameHead first);
            int length = first.Length;
            int count = 1;
            FrameScanner.ExtendRun(bytes, first, Limits.Default, ref length, ref count, out FrameParts parts);
            Assert.Equal(expected, parts == FrameParts.None);
        }
    }

    [Fact]
    public void A_run_tells_which_of_reply_and_headers_any_of_its_frames_has()
    {
        byte[] plain = Frame("a", 3), headers = Frame("a", 3, headers: true), reply = Hex.Bytes("95 05 A1 61 A1 72 C0 C4 00");
        Assert.Equal(FrameParts.None, PartsOf(plain, plain, Hex.Bytes("95 05 A1 62 A1 72 C0 C4 00")));
        Assert.Equal(FrameParts.Reply, PartsOf(plain, reply));
        Assert.Equal(FrameParts.Reply, PartsOf(reply, plain));
        Assert.Equal(FrameParts.Reply, PartsOf(reply, reply));
        Assert.Equal(FrameParts.Reply, PartsOf(plain, reply, reply));
        Assert.Equal(FrameParts.Headers, PartsOf(headers, plain));
        Assert.Equal(FrameParts.Headers | FrameParts.Reply, PartsOf(plain, headers, plain, reply));

        static FrameParts PartsOf(params byte[][] frames)
        {
            byte[] bytes = Pack.Join(frames);
            FrameScanner.Scan(bytes, Limits.Default, out FrameHead first);
            int length = first.Length;
            int count = 1;
            FrameScanner.ExtendRun(bytes, first, Limits.Default, ref length, ref count, out FrameParts parts);
            return parts;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(255)]
    public void A_request_is_found_at_every_length_and_cut_and_within_the_limits(int replyLength)
    {
        byte[] reply = [.. Enumerable.Repeat((byte)'r', replyLength)];
        foreach (int payload in new[] { 0, 255, 256, 65535, 65536 })
        {
            byte[] frame = new byte[payload + FrameWriter.PublishOverhead(3, replyLength, 0, payload)];
            Assert.Equal(frame.Length, FrameWriter.WritePublish(frame, "a.b"u8, reply, default, new byte[payload]));
            Assert.Equal(ScanResult.Done, FrameScanner.Scan(frame, Limits.Default, out FrameHead head));
            Assert.Equal((frame.Length, FrameParts.Reply, payload), (head.Length, head.Parts, head.PayloadLength));
            Assert.Equal(reply, frame.AsSpan(head.ReplyStart, head.ReplyLength));
            Assert.Equal("a.b"u8, frame.AsSpan(head.SubjectStart, head.SubjectLength));
            for (int cut = 0; cut < Math.Min(frame.Length, 300); cut++) Assert.Equal(ScanResult.NeedMore, FrameScanner.Scan(frame.AsSpan(0, cut), Limits.Default, out _));
            Assert.Equal(payload > 300 ? ScanResult.TooBig : ScanResult.Done, FrameScanner.Scan(frame, Limits.Default with { MaxPayloadBytes = 300 }, out _));
            Assert.Equal(replyLength > 31 ? ScanResult.TooBig : ScanResult.Done, FrameScanner.Scan(frame, Limits.Default with { MaxSubjectBytes = 31 }, out _));
            frame.AsSpan(head.ReplyStart, 1)[0] = 0xFF;
            Assert.Equal(ScanResult.Violation, FrameScanner.Scan(frame, Limits.Default, out head));
            Assert.Equal(Violation.InvalidUtf8, head.Violation);
        }
    }

    [Fact]
    public void Finding_a_run_allocates_nothing()
    {
        byte[] stream = Pack.Join([.. Enumerable.Repeat(Frame("orders.eu.created", 16), 500), Frame("orders.eu.created", 2, headers: true), Frame("b", 1)]);
        int found = 0;
        Assert.Equal(0, Allocation.Of(() =>
        {
            FrameScanner.Scan(stream, Limits.Default, out FrameHead first);
            int length = first.Length;
            found = 1;
            FrameScanner.ExtendRun(stream, first, Limits.Default, ref length, ref found, out _);
        }));
        Assert.Equal(501, found);
    }

    [Fact]
    public void The_limits_hold_inside_a_run()
    {
        Limits limits = Limits.Default with { MaxPayloadBytes = 300, MaxHeaders = 1 };
        byte[] bytes = Pack.Join(Frame("a", 300), Frame("a", 301));
        FrameScanner.Scan(bytes, limits, out FrameHead first);
        int length = first.Length;
        int count = 1;
        Assert.Equal(ScanResult.TooBig, FrameScanner.ExtendRun(bytes, first, limits, ref length, ref count, out _));
        Assert.Equal(1, count);
    }

    [Fact]
    public void A_frame_that_needs_a_longer_head_than_the_limit_allows_ends_the_run_before_it()
    {
        byte[] one = Frame("a", 3), longer = Frame("a", 300);
        byte[] bytes = Pack.Join([one, one, longer]);
        Limits limits = Limits.Default with { MaxControlFrameBytes = one.Length - 3 };
        Assert.Equal(ScanResult.Done, FrameScanner.Scan(bytes, limits, out FrameHead first));
        Assert.Equal(ScanResult.TooBig, FrameScanner.Scan(longer, limits, out _));
        int length = first.Length;
        int count = 1;
        Assert.Equal(ScanResult.TooBig, FrameScanner.ExtendRun(bytes, first, limits, ref length, ref count, out _));
        Assert.Equal((2 * one.Length, 2), (length, count));
    }

    [Fact]
    public void A_payload_and_a_number_of_elements_may_be_exactly_the_limit()
    {
        byte[] headers = Frame("a", 300, headers: true), eight = Hex.Bytes("98 06 01 C0 C0 C0 C0 C0 C0");
        Assert.Equal(ScanResult.Done, FrameScanner.Scan(headers, Limits.Default with { MaxPayloadBytes = 300 }, out _));
        Assert.Equal(ScanResult.TooBig, FrameScanner.Scan(headers, Limits.Default with { MaxPayloadBytes = 299 }, out FrameHead head));
        Assert.Equal(Violation.PayloadTooBig, head.Violation);
        Assert.Equal(ScanResult.Done, FrameScanner.Scan(eight, Limits.Default with { MaxElements = 8 }, out _));
        FrameScanner.Scan(eight, Limits.Default with { MaxElements = 7 }, out head);
        Assert.Equal(Violation.TooManyElements, head.Violation);
    }

    [Fact]
    public void Skipping_frames_gives_the_length_of_as_many_as_asked()
    {
        byte[][] parts = [Frame("a", 3), Frame("a", 0), Frame("b", 300), Frame("b", 2, headers: true), Hex.Bytes("92 06 01"), Frame("b", 1), Frame("b", 1)];
        byte[] stream = Pack.Join(parts);
        for (int frames = 0; frames <= parts.Length; frames++)
            Assert.Equal(parts.Take(frames).Sum(part => part.Length), FrameScanner.SkipFrames(stream, Limits.Default, frames));
        string message = Assert.Throws<ArgumentException>(() => FrameScanner.SkipFrames(stream, Limits.Default, parts.Length + 1)).Message;
        Assert.StartsWith($"there are {parts.Length} whole frames, not {parts.Length + 1}", message, StringComparison.Ordinal);
    }

    /// <summary>Goes over a stream run by run and compares each run with single scans.</summary>
    private static void AssertRuns(ReadOnlySpan<byte> stream, string where)
    {
        int at = 0;
        while (FrameScanner.Scan(stream[at..], Limits.Default, out FrameHead first) == ScanResult.Done)
        {
            ReadOnlySpan<byte> rest = stream[at..];
            int length = first.Length;
            int count = 1;
            if (first.Kind == FrameKind.Publish)
            {
                ScanResult result = FrameScanner.ExtendRun(rest, first, Limits.Default, ref length, ref count, out _);
                (int expectedLength, int expectedCount) = NaiveRun(rest, first);
                Assert.True((expectedLength, expectedCount) == (length, count), $"{where}, at {at}: found {count} frames of {length} bytes, not {expectedCount} of {expectedLength}");
                ScanResult verdict = FrameScanner.Scan(rest[length..], Limits.Default, out _);
                Assert.True(result == ScanResult.Done || result == verdict, $"{where}, at {at}: the run ended with {result}, the scan says {verdict}");
                Assert.Equal(length, FrameScanner.SkipFrames(rest, Limits.Default, count));
            }

            at += length;
        }
    }

    private static (int Length, int Count) NaiveRun(ReadOnlySpan<byte> bytes, in FrameHead first)
    {
        ReadOnlySpan<byte> prefix = bytes[..(first.SubjectStart + first.SubjectLength)];
        int length = 0;
        int count = 0;
        while (FrameScanner.Scan(bytes[length..], Limits.Default, out FrameHead head) == ScanResult.Done
            && head.Kind == FrameKind.Publish
            && bytes.Slice(length, head.SubjectStart + head.SubjectLength).SequenceEqual(prefix))
        {
            length += head.Length;
            count++;
        }

        return (length, count);
    }

    private static byte[] Frame(string subject, int payload, string reply = "", bool headers = false)
    {
        byte[] encoded = headers ? HeaderCodec.Encode([KeyValuePair.Create("name", "value")]) : [];
        byte[] frame = new byte[FrameWriter.PublishOverhead(subject.Length, reply.Length, encoded.Length, payload) + payload];
        byte[] content = [.. Enumerable.Range(0, payload).Select(i => (byte)(0x90 + (i % 7)))];
        FrameWriter.WritePublish(frame, Ascii(subject), Ascii(reply), encoded, content);
        return frame;
    }

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);
}
