using System.Buffers.Binary;
using System.Text;

namespace UdsBroker.Bench.Wires;

/// <summary>
/// MQTT 3.1.1 with QoS 0: a type, the length of the rest, and for PUBLISH the topic and the payload.
/// <code>
/// 10 n 00 04 MQTT 04 02 00 00 00 00          82 n 00 01 filter 00          30 n topic payload
/// </code>
/// </summary>
internal sealed class MqttWire : Wire
{
    internal override ReadOnlyMemory<byte> Greeting { get; } = Packet(0x10, [.. Text("MQTT"), 4, 2, 0, 0, 0, 0]);

    internal override bool IsGreeted(ReadOnlySpan<byte> received) => received is [0x20, 2, _, 0];

    internal override byte[] Subscribe(uint sid, string pattern) => Packet(0x82, [0, 1, .. Topic(pattern), 0]);

    internal override bool IsSubscribed(ReadOnlySpan<byte> received) => received is [0x90, 3, 0, 1, 0];

    internal override byte[] Publish(string subject, ReadOnlySpan<byte> payload, string? reply = null) => Packet(0x30, [.. Topic(subject), .. payload]);

    internal override byte[] Delivered(uint sid, string pattern, string subject, ReadOnlySpan<byte> payload, string? reply = null) => Publish(subject, payload);

    internal override FrameCounter Count(ReadOnlyMemory<byte> delivered, ReadOnlyMemory<byte>? expected) =>
        new FixedFrameCounter(delivered.Length, 0x30, default, expected);

    private static byte[] Topic(string subject) => Text(subject.Replace('.', '/').Replace('*', '+'));

    private static byte[] Text(string text)
    {
        var bytes = new byte[2 + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)Encoding.UTF8.GetBytes(text, bytes.AsSpan(2)));
        return bytes;
    }

    private static byte[] Packet(byte type, byte[] rest)
    {
        List<byte> bytes = [type];
        var length = rest.Length;
        do
        {
            bytes.Add((byte)((length & 0x7F) | (length > 0x7F ? 0x80 : 0)));
            length >>= 7;
        }
        while (length > 0);
        bytes.AddRange(rest);
        return [.. bytes];
    }
}
