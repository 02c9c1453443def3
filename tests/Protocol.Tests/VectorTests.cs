using System.Text.RegularExpressions;

namespace UdsBroker.Protocol.Tests;

/// <summary>
/// The golden vectors, which are part of the specification: every one reads as it says, and the shortest ones are what is written.
/// </summary>
public sealed partial class VectorTests
{
    [Fact]
    public void Every_vector_reads_as_the_frame_it_says()
    {
        foreach (Vector vector in Vector.All)
        {
            string read = FrameText.Of(vector.Bytes, out int length);
            Assert.True(FrameText.Line(vector.Means) == read, $"{vector}\nsays {FrameText.Line(vector.Means)}\nread {read}");
            Assert.Equal(vector.Bytes.Length, length);
        }
    }

    [Fact]
    public void Every_shortest_vector_is_what_the_writer_writes()
    {
        foreach (Vector vector in Vector.All.Where(vector => vector.IsCanonical))
            Assert.True(Hex.Text(vector.Bytes) == Hex.Text(Rewrite(vector.Bytes)), $"{vector}: wrote {Hex.Text(Rewrite(vector.Bytes))}");
    }

    [Fact]
    public void Every_other_vector_is_written_as_a_frame_that_reads_the_same()
    {
        foreach (Vector vector in Vector.All.Where(vector => !vector.IsCanonical))
            Assert.Equal(FrameText.Of(vector.Bytes, out _), FrameText.Of(Rewrite(vector.Bytes), out _));
    }

    [Fact]
    public void Every_kind_has_vectors()
    {
        HashSet<int> kinds = [.. Vector.All.Select(vector => vector.Frame[0]!.GetValue<int>())];
        Assert.Equal(Enum.GetValues<FrameKind>().Where(kind => kind != FrameKind.None).Select(kind => (int)kind), kinds.Order());
    }

    [Fact]
    public void The_examples_of_the_specification_are_vectors()
    {
        HashSet<string> known = [.. Vector.All.Select(vector => Hex.Text(vector.Bytes))];
        string[] examples = [.. HexLine().Matches(File.ReadAllText(Path.Combine(Vector.Folder, "PROTOCOL.md"))).Select(match => match.Value.Trim())];
        Assert.True(examples.Length >= 12);
        Assert.All(examples, example => Assert.Contains(example, known));
    }

    private static byte[] Rewrite(byte[] bytes)
    {
        Assert.Equal(ScanResult.Done, FrameScanner.Scan(bytes, Limits.Default, out FrameHead head));
        if (head.Kind != FrameKind.Publish)
            return Commands.Write(Commands.Read(bytes, head.Kind));

        ReadOnlySpan<byte> headers = bytes.AsSpan(head.HeadersStart, head.HeadersLength);
        byte[] frame = new byte[
            FrameWriter.PublishOverhead(head.SubjectLength, head.ReplyLength, head.HeadersLength, head.PayloadLength) + head.PayloadLength];
        int written = FrameWriter.WritePublish(
            frame,
            bytes.AsSpan(head.SubjectStart, head.SubjectLength),
            head.ReplyLength < 0 ? default : bytes.AsSpan(head.ReplyStart, head.ReplyLength),
            headers,
            bytes.AsSpan(head.PayloadStart, head.PayloadLength));
        Assert.Equal(frame.Length, written);
        return frame;
    }

    [GeneratedRegex("^ *[0-9A-F]{2}( [0-9A-F]{2})+$", RegexOptions.Multiline)]
    private static partial Regex HexLine();
}
