using System.Buffers;
using MessagePack;

namespace UdsBroker.Compat.Codec.Tests;

/// <summary>The writer as a user of buffers, and the forms that the vectors do not reach.</summary>
public class WriterTests
{
    private delegate void Write(ref MessagePackWriter writer);

    [Fact]
    public void Nothing_is_handed_over_before_the_flush()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.Write(1);
        Assert.Equal(0, buffer.WrittenCount);
        writer.Flush();
        writer.Flush();
        Assert.Equal([1], buffer.WrittenSpan.ToArray());
        writer.Write(2);
        writer.Flush();
        Assert.Equal([1, 2], buffer.WrittenSpan.ToArray());
    }

    [Fact]
    public void A_buffer_that_gives_no_more_than_it_is_asked_for_is_enough()
    {
        var raw = Enumerable.Range(0, 100).Select(i => (byte)i).ToArray();
        void Fill(ref MessagePackWriter writer)
        {
            writer.WriteArrayHeader(6);
            writer.Write("subject");
            writer.Write(raw);
            writer.WriteRaw(raw);
            writer.WriteRaw(Sequences.ByteByByte(raw));
            writer.Write(Sequences.ByteByByte(raw));
            writer.WriteString(Sequences.ByteByByte("héllo"u8.ToArray()));
            writer.WriteExtensionFormat(new ExtensionResult(7, Sequences.ByteByByte(raw)));
            writer.Write(long.MinValue);
        }

        var tight = new TightBuffer();
        var writer = new MessagePackWriter(tight);
        Fill(ref writer);
        writer.Flush();

        Assert.Equal(Written(Fill), tight.Written);
    }

    [Fact]
    public void Strings_and_binaries_are_written_from_every_source()
    {
        var binary = Hex((ref MessagePackWriter w) => w.Write((byte[])[1, 2]));
        Assert.Equal("c4020102", binary);
        Assert.Equal(binary, Hex((ref MessagePackWriter w) => w.Write(new ReadOnlySpan<byte>([1, 2]))));
        Assert.Equal(binary, Hex((ref MessagePackWriter w) => w.Write(Sequences.ByteByByte([1, 2]))));
        Assert.Equal("c0", Hex((ref MessagePackWriter w) => w.Write((byte[]?)null)));

        var text = Hex((ref MessagePackWriter w) => w.Write("hé"));
        Assert.Equal("a368c3a9", text);
        Assert.Equal(text, Hex((ref MessagePackWriter w) => w.Write("hé".AsSpan())));
        Assert.Equal(text, Hex((ref MessagePackWriter w) => w.WriteString("hé"u8)));
        Assert.Equal("c0", Hex((ref MessagePackWriter w) => w.Write((string?)null)));
        Assert.Equal("a3efbfbd", Hex((ref MessagePackWriter w) => w.Write("\ud800")));
    }

    [Fact]
    public void A_named_width_is_kept_however_small_the_value_is()
    {
        Assert.Equal("cc01", Hex((ref MessagePackWriter w) => w.WriteUInt8(1)));
        Assert.Equal("cd0001", Hex((ref MessagePackWriter w) => w.WriteUInt16(1)));
        Assert.Equal("ce00000001", Hex((ref MessagePackWriter w) => w.WriteUInt32(1)));
        Assert.Equal("cf0000000000000001", Hex((ref MessagePackWriter w) => w.WriteUInt64(1)));
        Assert.Equal("d001", Hex((ref MessagePackWriter w) => w.WriteInt8(1)));
        Assert.Equal("d10001", Hex((ref MessagePackWriter w) => w.WriteInt16(1)));
        Assert.Equal("d200000001", Hex((ref MessagePackWriter w) => w.WriteInt32(1)));
        Assert.Equal("d30000000000000001", Hex((ref MessagePackWriter w) => w.WriteInt64(1)));
    }

    [Fact]
    public void The_old_specification_has_no_binaries_no_short_string_header_and_no_time()
    {
        Assert.Equal("a20102", Hex((ref MessagePackWriter w) => w.Write((byte[])[1, 2]), oldSpec: true));
        Assert.Equal(
            "da0020" + string.Concat(Enumerable.Repeat("78", 32)),
            Hex((ref MessagePackWriter w) => w.Write(new string('x', 32)), oldSpec: true));
        Assert.Equal("d920", Hex((ref MessagePackWriter w) => w.WriteStringHeader(32), oldSpec: true));
        Assert.Throws<NotSupportedException>(() => Hex((ref MessagePackWriter w) => w.Write(DateTime.UnixEpoch), oldSpec: true));
    }

    [Fact]
    public void A_clone_writes_elsewhere_in_the_same_way()
    {
        var here = new ArrayBufferWriter<byte>();
        var there = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(here) { OldSpec = true, CancellationToken = new CancellationToken(canceled: true) };
        var clone = writer.Clone(there);
        clone.Write((byte[])[9]);
        clone.Flush();
        writer.Flush();

        Assert.Equal([0xa1, 9], there.WrittenSpan.ToArray());
        Assert.Equal(0, here.WrittenCount);
        Assert.True(clone.CancellationToken.IsCancellationRequested);
    }

    [Fact]
    public void Room_is_given_to_the_caller_and_counted()
    {
        Assert.Equal("c4020506", Hex((ref MessagePackWriter w) =>
        {
            w.WriteBinHeader(2);
            var room = w.GetSpan(2);
            (room[0], room[1]) = (5, 6);
            w.Advance(2);
        }));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(127, 1)]
    [InlineData(128, 2)]
    [InlineData(255, 2)]
    [InlineData(256, 3)]
    [InlineData(65536, 5)]
    [InlineData(4294967296, 9)]
    [InlineData(-32, 1)]
    [InlineData(-33, 2)]
    [InlineData(-128, 2)]
    [InlineData(-129, 3)]
    [InlineData(-32769, 5)]
    [InlineData(-2147483649, 9)]
    public void The_length_of_an_integer_is_known_beforehand(long value, int length)
    {
        Assert.Equal(length, MessagePackWriter.GetEncodedLength(value));
        Assert.Equal(length, Written((ref MessagePackWriter w) => w.Write(value)).Length);
        if (value >= 0)
            Assert.Equal(length, MessagePackWriter.GetEncodedLength((ulong)value));
    }

    [Fact]
    public void A_length_that_is_negative_or_too_large_overflows()
    {
        Assert.Throws<OverflowException>(() => Written((ref MessagePackWriter w) => w.WriteArrayHeader(-1)));
        Assert.Throws<OverflowException>(() => Written((ref MessagePackWriter w) => w.WriteMapHeader(-1)));
        Assert.Throws<OverflowException>(() => Written((ref MessagePackWriter w) => w.WriteStringHeader(-1)));
        Assert.Throws<OverflowException>(() => Written((ref MessagePackWriter w) => w.WriteBinHeader(-1)));
        Assert.Throws<OverflowException>(() => Written((ref MessagePackWriter w) => w.WriteBinHeader(int.MaxValue)));
        Assert.Throws<OverflowException>(() => Written((ref MessagePackWriter w) => w.WriteExtensionFormatHeader(new ExtensionHeader(1, uint.MaxValue - 8))));
        Assert.Throws<OverflowException>(() => new ExtensionHeader(1, -1));
        Assert.Throws<OverflowException>(
            () => MessagePackPrimitives.TryWriteExtensionFormatHeader(new byte[9], new ExtensionHeader(1, 0x8000_0000), out _));
    }

    [Fact]
    public void Text_without_characters_is_written_from_a_string_and_refused_from_a_span()
    {
        Assert.Equal("a0", Hex((ref MessagePackWriter w) => w.Write("")));
        Assert.Throws<ArgumentNullException>(() => Written((ref MessagePackWriter w) => w.Write("".AsSpan())));
    }

    [Fact]
    public void A_writer_needs_a_buffer()
        => Assert.Throws<ArgumentNullException>(() => new MessagePackWriter(null!).Flush());

    private static byte[] Written(Write write, bool oldSpec = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer) { OldSpec = oldSpec };
        write(ref writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static string Hex(Write write, bool oldSpec = false) => Convert.ToHexStringLower(Written(write, oldSpec));

    /// <summary>Gives exactly what it is asked for, and one byte if that is nothing.</summary>
    private sealed class TightBuffer : IBufferWriter<byte>
    {
        private byte[] _current = [];

        internal List<byte> Written { get; } = [];

        public void Advance(int count) => Written.AddRange(_current[..count]);

        public Memory<byte> GetMemory(int sizeHint = 0) => _current = new byte[Math.Max(sizeHint, 1)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
