using System.Buffers;
using MessagePack;

namespace UdsBroker.Compat.Codec.Tests;

/// <summary>The reader as a cursor: kinds, peeking, skipping, slices, and what hostile bytes get.</summary>
public class ReaderTests
{
    [Fact]
    public void Another_kind_than_asked_for_is_a_serialization_exception()
    {
        Refused([0x01], (ref MessagePackReader r) => r.ReadString());
        Refused([0xa1, 0x61], (ref MessagePackReader r) => r.ReadInt32());
        Refused([0xa1, 0x61], (ref MessagePackReader r) => r.ReadBoolean());
        Refused([0xc3], (ref MessagePackReader r) => r.ReadNil());
        Refused([0x90], (ref MessagePackReader r) => r.ReadMapHeader());
        Refused([0x80], (ref MessagePackReader r) => r.ReadArrayHeader());
        Refused([0x01], (ref MessagePackReader r) => r.ReadBytes());
        Refused([0xc0], (ref MessagePackReader r) => r.ReadDouble());
        Refused([0xc0, 0xc0], (ref MessagePackReader r) => r.ReadExtensionFormat());
        Refused([0xc1], (ref MessagePackReader r) => r.ReadRaw());
        Refused([0x92, 0xc1, 0x01], (ref MessagePackReader r) => r.ReadRaw());
        Refused([0xd6, 5, 0, 0, 0, 0], (ref MessagePackReader r) => r.ReadDateTime());
    }

    [Fact]
    public void The_next_value_can_be_looked_at()
    {
        var reader = new MessagePackReader((byte[])[0xc0, 0x93, 0x01, 0xa1, 0x61, 0xc3]);
        Assert.True(reader.IsNil);
        Assert.True(reader.TryReadNil());
        Assert.False(reader.TryReadNil());
        Assert.Equal((MessagePackType.Array, (byte)0x93), (reader.NextMessagePackType, reader.NextCode));

        var peek = reader.CreatePeekReader();
        Assert.Equal(3, peek.ReadArrayHeader());
        Assert.Equal(1, peek.ReadInt32());
        Assert.Equal((1, 3), (reader.Consumed, peek.Consumed));
        Assert.Equal(3, reader.ReadArrayHeader());
    }

    [Fact]
    public void Nil_is_null_where_a_value_may_be_missing()
    {
        var reader = new MessagePackReader((byte[])[0xc0, 0xc0, 0xc0, 0xc0]);
        Assert.Null(reader.ReadString());
        Assert.Null(reader.ReadBytes());
        Assert.Null(reader.ReadStringSequence());
        Assert.False(reader.TryReadStringSpan(out _));
        Assert.Equal(3, reader.Consumed);
    }

    [Fact]
    public void Strings_and_binaries_are_slices_of_what_was_given()
    {
        byte[] bytes = [0xa2, 0x68, 0x69, 0xc4, 2, 8, 9, 0xa1, 7];
        var reader = new MessagePackReader(bytes);
        Assert.True(reader.TryReadStringSpan(out var text));
        var binary = reader.ReadBytes();
        var old = reader.ReadBytes();
        bytes[1] = 0x48;
        bytes[5] = 88;

        Assert.Equal("Hi"u8, text);
        Assert.Equal([88, 9], binary!.Value.ToArray());
        Assert.Equal([7], old!.Value.ToArray());
    }

    [Fact]
    public void A_string_across_segments_is_not_a_span_and_stays_to_be_read()
    {
        byte[] bytes = [0xa4, 0x61, 0x62, 0x63, 0x64, 0x05];
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var reader = new MessagePackReader(Sequences.CutAt(bytes, cut));
            if (reader.TryReadStringSpan(out var span))
            {
                Assert.Equal("abcd"u8, span);
            }
            else
            {
                Assert.InRange(cut, 2, 4);
                Assert.Equal(0, reader.Consumed);
                Assert.Equal("abcd"u8, reader.ReadStringSequence()!.Value.ToArray());
            }

            Assert.Equal(5, reader.ReadByte());
        }
    }

    [Fact]
    public void Raw_bytes_are_those_of_one_whole_value()
    {
        byte[] bytes = [0x93, 0x01, 0x81, 0xa1, 0x61, 0xc4, 1, 0xff, 0xd4, 1, 2, 0x2a];
        foreach (var sequence in new[] { new ReadOnlySequence<byte>(bytes), Sequences.ByteByByte(bytes) })
        {
            var reader = new MessagePackReader(sequence);
            Assert.Equal(bytes[..^1], reader.ReadRaw().ToArray());
            Assert.Equal(42, reader.ReadInt32());

            reader = new MessagePackReader(sequence);
            Assert.Equal(bytes[..4], reader.ReadRaw(4).ToArray());
            Assert.Equal("a"u8[0], reader.ReadRaw(1).FirstSpan[0]);
        }

        Assert.Throws<EndOfStreamException>(() => new MessagePackReader(bytes).ReadRaw(bytes.Length + 1));
        Assert.Throws<EndOfStreamException>(() => new MessagePackReader(bytes).ReadRaw(-1));
    }

    [Fact]
    public void Extensions_are_read_with_their_bytes()
    {
        byte[] bytes = [0xc7, 3, 5, 1, 2, 3, 0xd6, 0xff, 0, 0, 0, 9];
        var reader = new MessagePackReader(Sequences.ByteByByte(bytes));
        var extension = reader.ReadExtensionFormat();
        Assert.Equal((5, 3u), (extension.TypeCode, extension.Header.Length));
        Assert.Equal([1, 2, 3], extension.Data.ToArray());
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(9), reader.ReadDateTime(reader.ReadExtensionFormatHeader()));
    }

    [Fact]
    public void Every_value_is_skipped_wherever_it_is_cut_into_segments()
    {
        byte[] bytes =
        [
            0xdc, 0, 19, 0x00, 0xff, 0xcc, 1, 0xcd, 1, 1, 0xce, 1, 1, 1, 1, 0xcf, 1, 1, 1, 1, 1, 1, 1, 1,
            0xd0, 1, 0xd1, 1, 1, 0xd2, 1, 1, 1, 1, 0xd3, 1, 1, 1, 1, 1, 1, 1, 1, 0xca, 1, 1, 1, 1, 0xcb, 1, 1, 1, 1, 1, 1, 1, 1,
            0x81, 0xc0, 0xc2, 0xde, 0, 1, 0xc3, 0x90, 0xa1, 1, 0xd9, 1, 1, 0xc4, 1, 1, 0xd4, 1, 1, 0xc8, 0, 1, 1, 1, 0x2a,
        ];
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            var reader = new MessagePackReader(Sequences.CutAt(bytes, cut));
            reader.Skip();
            Assert.Equal(42, reader.ReadInt32());
            if (cut < bytes.Length - 1)
                Assert.Throws<EndOfStreamException>(() => new MessagePackReader(bytes.AsMemory(0, cut)).Skip());
        }
    }

    /// <remarks>A thousand levels only: the oldest real version recurses, so code that reads hostile bytes must bound depth itself.</remarks>
    [Fact]
    public void A_deeply_nested_value_is_skipped()
    {
        var nested = new byte[1_001];
        nested.AsSpan(..^1).Fill(0x91);
        var reader = new MessagePackReader(nested);
        reader.Skip();
        Assert.True(reader.End);
    }

    [Theory]
    [InlineData("dd7fffffff")]
    [InlineData("df3fffffff")]
    [InlineData("93c0c0")]
    [InlineData("82c0c0c0")]
    [InlineData("dbffffffff61")]
    [InlineData("c6ffffffff61")]
    [InlineData("c9ffffffff0161")]
    public void A_length_that_is_only_claimed_is_the_end_of_the_stream(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.Throws<EndOfStreamException>(() =>
        {
            var reader = new MessagePackReader(bytes);
            return reader.NextMessagePackType switch
            {
                MessagePackType.Array => reader.ReadArrayHeader(),
                MessagePackType.Map => reader.ReadMapHeader(),
                MessagePackType.String => reader.ReadStringSequence()!.Value.Length,
                MessagePackType.Binary => reader.ReadBytes()!.Value.Length,
                _ => reader.ReadExtensionFormatHeader().Length,
            };
        });
        Assert.Throws<EndOfStreamException>(() => new MessagePackReader(bytes).Skip());
    }

    [Fact]
    public void A_count_beyond_an_int_overflows()
    {
        Assert.Throws<OverflowException>(() => new MessagePackReader((byte[])[0xdd, 0x80, 0, 0, 0]).ReadArrayHeader());
        Assert.Throws<OverflowException>(() => new MessagePackReader((byte[])[0xdf, 0xff, 0, 0, 0]).ReadMapHeader());
    }

    [Theory]
    [InlineData("df40000000")]
    [InlineData("df7fffffff")]
    public void A_map_of_more_keys_and_values_than_an_int_counts_overflows(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.Throws<OverflowException>(() => new MessagePackReader(bytes).ReadMapHeader());
        Assert.Throws<OverflowException>(() => new MessagePackReader(bytes).Skip());
    }

    [Theory]
    [InlineData("dd80000000")]
    [InlineData("df80000000")]
    public void A_count_that_overflows_moves_the_reader_nowhere(string hex)
    {
        foreach (var bytes in new[] { new ReadOnlySequence<byte>(Convert.FromHexString(hex)), Sequences.ByteByByte(Convert.FromHexString(hex)) })
        {
            var reader = new MessagePackReader(bytes);
            var overflowed = false;
            try
            {
                reader.Skip();
            }
            catch (OverflowException)
            {
                overflowed = true;
            }

            Assert.Equal((true, 0L), (overflowed, reader.Consumed));
        }
    }

    [Fact]
    public void A_timestamp_of_a_length_that_there_is_not_is_missed_first_and_refused_when_it_is_there()
    {
        byte[] header = [0xc8, 1, 2, 0xff];
        Assert.Throws<EndOfStreamException>(() => new MessagePackReader(header).ReadDateTime());
        Assert.Throws<MessagePackSerializationException>(() => new MessagePackReader((byte[])[.. header, .. new byte[258]]).ReadDateTime());
        Assert.Throws<MessagePackSerializationException>(
            () => new MessagePackReader(Sequences.ByteByByte([.. header, .. new byte[258]])).ReadDateTime());
    }

    [Fact]
    public void Bytes_that_are_not_utf8_become_replacement_characters_in_one_segment_and_in_many()
    {
        byte[] bytes = [0xa4, 0x61, 0xc3, 0x28, 0xff];
        Assert.Equal("a\ufffd(\ufffd", new MessagePackReader(bytes).ReadString());
        Assert.Equal("a\ufffd(\ufffd", new MessagePackReader(Sequences.ByteByByte(bytes)).ReadString());
    }

    [Fact]
    public void A_clone_reads_elsewhere_in_the_same_state()
    {
        var reader = new MessagePackReader((byte[])[1]) { Depth = 3, CancellationToken = new CancellationToken(canceled: true) };
        var clone = reader.Clone(Sequences.ByteByByte([2]));
        Assert.Equal((2, 3, true), (clone.ReadInt32(), clone.Depth, clone.CancellationToken.IsCancellationRequested));
        Assert.Equal(1, reader.ReadInt32());
    }

    [Fact]
    public void Every_byte_has_a_kind_and_a_name()
    {
        Assert.Equal(MessagePackType.Unknown, MessagePackCode.ToMessagePackType(MessagePackCode.NeverUsed));
        for (var code = 0; code <= 255; code++)
        {
            Assert.NotEmpty(MessagePackCode.ToFormatName((byte)code));
            Assert.Equal(code == MessagePackCode.NeverUsed, MessagePackCode.ToMessagePackType((byte)code) == MessagePackType.Unknown);
        }

        Assert.Equal(
            ["positive fixint", "fixmap", "fixarray", "fixstr", "nil", "str 8", "bin 16", "fixext 4", "negative fixint"],
            new byte[] { 0x7f, 0x80, 0x9f, 0xbf, 0xc0, 0xd9, 0xc5, 0xd6, 0xe0 }.Select(MessagePackCode.ToFormatName));
    }

    private delegate object? Read(ref MessagePackReader reader);

    private static void Refused(byte[] bytes, Read read)
    {
        foreach (var sequence in new[] { new ReadOnlySequence<byte>(bytes), Sequences.ByteByByte(bytes) })
        {
            Assert.Throws<MessagePackSerializationException>(() =>
            {
                var reader = new MessagePackReader(sequence);
                return read(ref reader);
            });
        }
    }
}
