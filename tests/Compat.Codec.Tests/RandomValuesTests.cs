using System.Buffers;
using MessagePack;

namespace UdsBroker.Compat.Codec.Tests;

/// <summary>Many values in a row from fixed seeds, written into buffers and read from segments of random sizes.</summary>
public class RandomValuesTests
{
    [Fact]
    public void What_was_written_is_read()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var vectors = Enumerable.Range(0, 200).Select(_ => new Vector(Value(random), [])).ToArray();
            var buffer = new ArrayBufferWriter<byte>();
            var writer = new MessagePackWriter(buffer);
            foreach (var vector in vectors)
                vector.Write(ref writer);
            writer.Flush();

            var bytes = buffer.WrittenSpan.ToArray();
            foreach (var sequence in new[] { Sequences.ByteByByte(bytes), Sequences.CutAt(bytes, random.Next(bytes.Length)) })
            {
                var reader = new MessagePackReader(sequence);
                var skipper = new MessagePackReader(sequence);
                foreach (var vector in vectors)
                {
                    Assert.Equal(vector.Value, vector.Read(ref reader));
                    skipper.Skip();
                    Assert.Equal(reader.Consumed, skipper.Consumed);
                }

                Assert.True(reader.End);
            }
        }
    }

    private static object? Value(Random random)
    {
        var bits = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
        return random.Next(14) switch
        {
            0 => null,
            1 => random.Next(2) == 0,
            2 => (byte)bits,
            3 => (ushort)bits,
            4 => (uint)bits,
            5 => (ulong)bits,
            6 => (sbyte)bits,
            7 => (short)bits,
            8 => (int)bits,
            9 => bits,
            10 => random.NextSingle(),
            11 => random.NextDouble(),
            12 => new string((char)random.Next(0x20, 0xd7ff), random.Next(400)),
            _ => Bytes(random),
        };
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(400)];
        random.NextBytes(bytes);
        return bytes;
    }
}
