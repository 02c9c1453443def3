using UdsBroker.Bench.Wires;
using UdsBroker.Protocol;

namespace UdsBroker.Bench.Tests;

/// <summary>Counting by the piece must come to the same, however the bytes are cut.</summary>
public sealed class FrameCounterTests
{
    private static readonly byte[] Message = new NatsWire().Delivered(1, "a", "a", "hello"u8);

    public static TheoryData<int> Cuts => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Messages_with_a_ping_between_them_are_counted_however_they_are_cut(int cut)
    {
        byte[] bytes = [.. Message, .. Message, .. "PING\r\n"u8, .. Message, .. Message, .. "PING\r\n"u8, .. Message];
        Assert.Equal(5, CountCut(new NatsWire().Count(Message, Message), bytes, cut));
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Runs_are_counted_however_they_are_cut(int cut)
    {
        var wire = new UdsbWire();
        var message = wire.Publish("a", "hello"u8);
        byte[] bytes =
        [
            .. Deliver(1, 3), .. message, .. message, .. message,
            .. Deliver(300, 1), .. message,
            .. Deliver(100_000, 200), .. Enumerable.Repeat(message, 200).SelectMany(m => m),
        ];
        Assert.Equal(204, CountCut(wire.Count(message, message), bytes, cut));
    }

    [Fact]
    public void A_message_that_was_not_published_is_noticed() =>
        Assert.Throws<InvalidDataException>(() => new RedisWire().Count(new byte[] { 1, 2, 3 }, new byte[] { 1, 2, 3 }).Feed([1, 2, 4]));

    [Fact]
    public void Something_else_than_messages_is_noticed() =>
        Assert.Throws<InvalidDataException>(() => new NatsWire().Count(Message, null).Feed("-ERR 'Authorization Violation'\r\n"u8));

    [Fact]
    public void A_frame_that_announces_no_messages_is_noticed() =>
        Assert.Throws<InvalidDataException>(() => new UdsbWire().Count(new byte[] { 1 }, null).Feed([0x93, 0x0B, 0x01, 0x01]));

    private static long CountCut(FrameCounter counter, ReadOnlySpan<byte> bytes, int cut)
    {
        for (var start = 0; start < bytes.Length; start += cut) counter.Feed(bytes[start..Math.Min(bytes.Length, start + cut)]);
        return counter.Messages;
    }

    private static byte[] Deliver(uint sid, uint count)
    {
        var header = new byte[FrameWriter.MaxDeliverHeader(1)];
        return header[..FrameWriter.WriteDeliver(header, [sid], Guid.CreateVersion7().ToByteArray(bigEndian: true), count)];
    }
}
