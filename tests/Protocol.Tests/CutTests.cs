namespace UdsBroker.Protocol.Tests;

/// <summary>
/// Bytes arrive as they please: wherever a stream is cut, the frames in it are the same, and the scanner says how much more it needs.
/// </summary>
public sealed class CutTests
{
    private static readonly byte[] Stream = [.. Vector.All.SelectMany(vector => vector.Bytes)];
    private static readonly string[] Frames = [.. Vector.All.Select(vector => FrameText.Line(vector.Means))];

    [Fact]
    public void Three_frames_cut_in_two_at_every_offset_are_the_same_frames()
    {
        for (int first = 0; first + 3 <= Vector.All.Count; first++)
        {
            byte[] three = [.. Vector.All.Skip(first).Take(3).SelectMany(vector => vector.Bytes)];
            for (int cut = 0; cut <= three.Length; cut++)
                Assert.Equal(Frames.Skip(first).Take(3), Receive([three.AsMemory(0, cut), three.AsMemory(cut)]));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(64)]
    public void A_stream_that_arrives_in_small_pieces_is_the_same_stream(int piece)
    {
        Assert.Equal(Frames, Receive(Stream.Chunk(piece).Select(chunk => (ReadOnlyMemory<byte>)chunk)));
    }

    [Fact]
    public void Every_beginning_of_a_frame_needs_more_and_never_more_than_the_frame_has()
    {
        foreach (Vector vector in Vector.All)
        {
            int known = 0;
            for (int cut = 0; cut < vector.Bytes.Length; cut++)
            {
                ScanResult result = FrameScanner.Scan(vector.Bytes.AsSpan(0, cut), Limits.Default, out FrameHead head);
                Assert.True(result == ScanResult.NeedMore, $"{vector} cut at {cut}: {result} {head.Violation}");
                Assert.InRange(head.Length, Math.Max(cut + 1, known), vector.Bytes.Length);
                known = head.Length;
            }
        }
    }

    [Fact]
    public void Waiting_for_the_length_that_was_named_comes_to_the_frame_in_few_steps()
    {
        foreach (Vector vector in Vector.All)
        {
            int scans = 0;
            int arrived = 0;
            FrameHead head;
            while (FrameScanner.Scan(vector.Bytes.AsSpan(0, arrived), Limits.Default, out head) == ScanResult.NeedMore)
            {
                arrived = head.Length;
                scans++;
            }

            Assert.Equal(vector.Bytes.Length, head.Length);
            Assert.InRange(scans, 1, 2 + (2 * Elements(vector.Frame)));
        }
    }

    [Fact]
    public void The_rest_of_a_payload_is_known_to_the_last_byte()
    {
        byte[] frame = new byte[100_020];
        int head = FrameWriter.WritePublishHead(frame, "a"u8, default, default, 100_000);
        Assert.Equal(ScanResult.NeedMore, FrameScanner.Scan(frame.AsSpan(0, head), Limits.Default, out FrameHead found));
        Assert.Equal(head + 100_000, found.Length);
        Assert.Equal(FrameKind.Publish, found.Kind);
    }

    /// <summary>A reader as a session would have it: keeps what is not consumed and scans again when more has come.</summary>
    private static List<string> Receive(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        List<string> frames = [];
        List<byte> buffer = [];
        foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            buffer.AddRange(piece.Span);
            byte[] bytes = [.. buffer];
            int consumed = 0;
            while (FrameScanner.Scan(bytes.AsSpan(consumed), Limits.Default, out FrameHead head) is var result && result != ScanResult.NeedMore)
            {
                Assert.Equal(ScanResult.Done, result);
                frames.Add(FrameText.Line(FrameText.Decode(bytes.AsSpan(consumed, head.Length), head)));
                consumed += head.Length;
            }

            buffer.RemoveRange(0, consumed);
        }

        Assert.Empty(buffer);
        return frames;
    }

    private static int Elements(System.Text.Json.Nodes.JsonNode? node) => node switch
    {
        System.Text.Json.Nodes.JsonArray array => 1 + array.Sum(Elements),
        System.Text.Json.Nodes.JsonObject map => 1 + map.Sum(entry => 1 + Elements(entry.Value)),
        _ => 1,
    };
}
