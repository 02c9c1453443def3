using System.Buffers;
using MessagePack;

namespace UdsBroker.Compat.Codec.Tests;

/// <summary>Every format of the specification, written and read, whole, cut and in segments.</summary>
public class GoldenBytesTests
{
    [Theory]
    [MemberData(nameof(Vectors.All), MemberType = typeof(Vectors))]
    public void A_value_is_written_in_its_shortest_encoding(Vector vector)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        vector.Write(ref writer);
        writer.Flush();

        Assert.Equal(vector.Bytes, buffer.WrittenSpan);
    }

    [Theory]
    [MemberData(nameof(Vectors.All), MemberType = typeof(Vectors))]
    public void A_value_is_read_from_one_piece(Vector vector)
    {
        var reader = new MessagePackReader(vector.Bytes);
        Assert.Equal(vector.Value, vector.Read(ref reader));
        Assert.True(reader.End);
        Assert.Equal(vector.Bytes.Length, reader.Consumed);
    }

    [Theory]
    [MemberData(nameof(Vectors.All), MemberType = typeof(Vectors))]
    public void A_value_is_read_from_two_segments_wherever_they_meet(Vector vector)
    {
        foreach (var cut in Cuts(vector))
        {
            var reader = new MessagePackReader(Sequences.CutAt(vector.Bytes, cut));
            Assert.Equal(vector.Value, vector.Read(ref reader));
            Assert.True(reader.End);
        }

        var byByte = new MessagePackReader(Sequences.ByteByByte(vector.Bytes));
        Assert.Equal(vector.Value, vector.Read(ref byByte));
        Assert.Equal(vector.Bytes.Length, byByte.Consumed);
    }

    [Theory]
    [MemberData(nameof(Vectors.All), MemberType = typeof(Vectors))]
    public void A_value_that_is_cut_off_is_the_end_of_the_stream(Vector vector)
    {
        foreach (var cut in Cuts(vector))
        {
            Assert.Throws<EndOfStreamException>(() =>
            {
                var reader = new MessagePackReader(vector.Bytes.AsMemory(0, cut));
                return vector.Read(ref reader);
            });
            Assert.Throws<EndOfStreamException>(() =>
            {
                var reader = new MessagePackReader(Sequences.ByteByByte(vector.Bytes[..cut]));
                return vector.Read(ref reader);
            });
            Assert.Throws<EndOfStreamException>(() => new MessagePackReader(vector.Bytes.AsMemory(0, cut)).Skip());
        }
    }

    [Theory]
    [MemberData(nameof(Vectors.All), MemberType = typeof(Vectors))]
    public void A_value_is_followed_by_the_next_one(Vector vector)
    {
        var reader = new MessagePackReader((byte[])[.. vector.Bytes, 42]);
        Assert.Equal(vector.Value, vector.Read(ref reader));
        Assert.Equal(42, reader.ReadInt32());
    }

    /// <summary>Every offset of a short value, and the telling ones of a long one.</summary>
    private static IEnumerable<int> Cuts(Vector vector)
        => Enumerable.Range(0, vector.Bytes.Length).Where(cut => cut < 40 || cut > vector.Bytes.Length - 3);
}
