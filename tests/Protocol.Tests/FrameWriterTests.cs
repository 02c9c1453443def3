namespace UdsBroker.Protocol.Tests;

/// <summary>The writers beyond the vectors: sizes at every border, destinations that are too short, and no allocation.</summary>
public sealed class FrameWriterTests
{
    private static readonly byte[] Id = Guid.Parse("0190163d-8694-739b-aea5-966c26f8ad91").ToByteArray(bigEndian: true);

    [Fact]
    public void A_publish_of_every_size_is_read_as_it_was_written_and_has_the_computed_length()
    {
        foreach ((int subjectBytes, int replyBytes, int headerCount, int payloadBytes) in Sizes())
        {
            byte[] subject = Fill('s', subjectBytes), reply = Fill('r', replyBytes), payload = Fill('p', payloadBytes);
            Dictionary<string, string> headers = Enumerable.Range(0, headerCount).ToDictionary(i => $"name{i}", i => new string('v', i * 5));
            byte[] encoded = HeaderCodec.Encode(headers);
            int length = FrameWriter.PublishOverhead(subjectBytes, replyBytes == 0 ? -1 : replyBytes, encoded.Length, payloadBytes) + payloadBytes;

            byte[] exact = new byte[length];
            Assert.Equal(length, FrameWriter.WritePublish(exact, subject, reply, encoded, payload));
            byte[] roomy = new byte[length + 100];
            Assert.Equal(length, FrameWriter.WritePublish(roomy, subject, reply, encoded, payload));
            Assert.Equal(exact, roomy.AsSpan(0, length));
            Assert.Equal(length - payloadBytes, FrameWriter.WritePublishHead(roomy, subject, reply, encoded, payloadBytes));

            Assert.Equal(ScanResult.Done, FrameScanner.Scan(exact, Limits.Default, out FrameHead head));
            Assert.Equal((length, length - payloadBytes), (head.Length, head.PayloadStart));
            Assert.Equal(subject, exact.AsSpan(head.SubjectStart, head.SubjectLength));
            Assert.Equal(replyBytes == 0 ? -1 : replyBytes, head.ReplyLength);
            Assert.Equal(reply, exact.AsSpan(head.ReplyStart, Math.Max(0, head.ReplyLength)));
            Assert.Equal(headers, HeaderCodec.Decode(exact.AsSpan(head.HeadersStart, head.HeadersLength)));
            Assert.Equal(payload, exact.AsSpan(head.PayloadStart, head.PayloadLength));
        }
    }

    [Fact]
    public void A_destination_that_is_too_short_is_an_error_of_the_caller()
    {
        AssertNeedsAll(destination => FrameWriter.WritePublish(destination, "orders.eu"u8, default, default, "hello"u8));
        AssertNeedsAll(destination => FrameWriter.WritePublish(destination, "orders.eu"u8, "r"u8, [0x80], "hello"u8));
        AssertNeedsAll(destination => FrameWriter.WritePublishHead(destination, "orders.eu"u8, default, default, 70_000));
        AssertNeedsAll(destination => FrameWriter.WritePing(destination, ulong.MaxValue));
        AssertNeedsAll(destination => FrameWriter.WritePong(destination, ulong.MaxValue, new Receipt(1, 300, 70_000, 5)));
        AssertNeedsAll(destination => FrameWriter.WriteDeliver(destination, [1, 300, 70_000], Id, 5));
        AssertNeedsAll(destination => FrameWriter.WriteDeliver(destination, [1], Id, 5, DeliverFlags.Retained));
        AssertNeedsAll(destination => FrameWriter.WriteMissed(destination, 1, 300, 300));
        AssertNeedsAll(destination => FrameWriter.WriteCredit(destination, 300, 1));
    }

    [Fact]
    public void The_longest_frames_have_the_lengths_that_are_promised()
    {
        byte[] buffer = new byte[10_000];
        Assert.Equal(FrameWriter.MaxPingBytes, FrameWriter.WritePing(buffer, ulong.MaxValue));
        Assert.Equal(FrameWriter.MaxPongBytes, FrameWriter.WritePong(buffer, ulong.MaxValue, new Receipt(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue)));
        Assert.Equal(FrameWriter.MaxMissedBytes, FrameWriter.WriteMissed(buffer, uint.MaxValue, ulong.MaxValue, ulong.MaxValue));
        Assert.Equal(FrameWriter.MaxCreditBytes, FrameWriter.WriteCredit(buffer, uint.MaxValue, ulong.MaxValue));
        foreach (int sids in (int[])[0, 1, 15, 16, Limits.MaxDeliverSids])
        {
            uint[] largest = [.. Enumerable.Repeat(uint.MaxValue, sids)];
            Assert.InRange(FrameWriter.WriteDeliver(buffer, largest, Id, uint.MaxValue, (DeliverFlags)uint.MaxValue), 1, FrameWriter.MaxDeliverHeader(sids));
        }
    }

    [Fact]
    public void A_deliver_to_as_many_subscriptions_as_allowed_is_read_again()
    {
        uint[] sids = [.. Enumerable.Range(0, Limits.MaxDeliverSids).Select(i => (uint)i * 4_000_000)];
        byte[] buffer = new byte[FrameWriter.MaxDeliverHeader(sids.Length)];
        byte[] frame = buffer[..FrameWriter.WriteDeliver(buffer, sids, Id, 7, DeliverFlags.Retained)];
        Assert.Equal(ScanResult.Done, FrameScanner.Scan(frame, Limits.Default, out _));

        uint[] read = new uint[Limits.MaxDeliverSids];
        Assert.True(CommandReader.TryReadDeliver(frame, read, out int count, out Guid sender, out uint messages, out DeliverFlags flags));
        Assert.Equal(sids, read[..count]);
        Assert.Equal((new Guid(Id, bigEndian: true), 7u, DeliverFlags.Retained), (sender, messages, flags));

        Assert.False(CommandReader.TryReadDeliver(frame, new uint[Limits.MaxDeliverSids - 1], out _, out _, out _, out _));
        Assert.Throws<ArgumentException>(() => FrameWriter.WriteDeliver(new byte[10_000], new uint[Limits.MaxDeliverSids + 1], Id, 1));
        Assert.Throws<ArgumentException>(() => FrameWriter.WriteDeliver(new byte[100], [1], new byte[15], 1));
    }

    [Fact]
    public void The_frames_of_the_hot_path_are_written_and_read_without_allocating()
    {
        byte[] buffer = new byte[512];
        uint[] sids = [1, 300, 70_000];
        Assert.Equal(0, Allocation.Of(() =>
        {
            FrameWriter.WritePublish(buffer, "a.b"u8, default, default, "hello"u8);
            FrameWriter.WritePublish(buffer, "a.b"u8, "r"u8, [0x81, 0xA1, (byte)'k', 0xA1, (byte)'v'], "hello"u8);
            FrameScanner.Scan(buffer, Limits.Default, out FrameHead head);
            HeaderCodec.TryFind(buffer.AsSpan(head.HeadersStart, head.HeadersLength), "k"u8, out _);
            FrameWriter.WriteDeliver(buffer, sids, Id, 1, DeliverFlags.Retained);
            CommandReader.TryReadDeliver(buffer, sids, out _, out _, out _, out _);
            FrameWriter.WritePing(buffer, 300);
            CommandReader.TryReadPing(buffer, out _);
            FrameWriter.WritePong(buffer, 300, new Receipt(1, 2, 3, 3));
            CommandReader.TryReadPong(buffer, out ulong _, out Receipt? _);
            FrameWriter.WriteMissed(buffer, 1, 1, 1);
            CommandReader.TryReadMissed(buffer, out uint _, out ulong _, out ulong _);
            FrameWriter.WriteCredit(buffer, 1, 1);
        }));
    }

    private static IEnumerable<(int Subject, int Reply, int Headers, int Payload)> Sizes() =>
        from subject in (int[])[1, 31, 32, 255]
        from reply in (int[])[0, 1, 31, 32, 255]
        from headers in (int[])[0, 1, 15, 16]
        from payload in (int[])[0, 1, 255, 256, 65535, 65536]
        select (subject, reply, headers, payload);

    private static void AssertNeedsAll(Func<byte[], int> write)
    {
        byte[] buffer = new byte[256];
        int length = write(buffer);
        byte[] exact = new byte[length];
        Assert.Equal(length, write(exact));
        Assert.Equal(buffer[..length], exact);
        for (int tooShort = 0; tooShort < length; tooShort++)
            Assert.ThrowsAny<ArgumentException>(() => write(new byte[tooShort]));
    }

    private static byte[] Fill(char letter, int count) => [.. Enumerable.Repeat((byte)letter, count)];
}
