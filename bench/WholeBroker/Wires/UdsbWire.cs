using System.Buffers;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Bench.Wires;

/// <summary>Our own wire, version 1: PROTOCOL.md.</summary>
internal class UdsbWire : Wire
{
    internal override ReadOnlyMemory<byte> Greeting { get; } = new byte[] { 0x93, 0x01, 0x01, 0x80 };

    internal override bool IsGreeted(ReadOnlySpan<byte> received) => EndsWith(received, FrameKind.Welcome);

    // SUBSCRIBE, and a fence after it: [6, 1].
    internal override byte[] Subscribe(uint sid, string pattern)
    {
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.Write(output, new SubscribeCommand(sid, Encoding.UTF8.GetBytes(pattern), SubscribeOptions.None));
        FrameWriter.Write(output, new PingCommand(1));
        return output.WrittenSpan.ToArray();
    }

    internal override bool IsSubscribed(ReadOnlySpan<byte> received) => EndsWith(received, FrameKind.Pong);

    internal override byte[] Publish(string subject, ReadOnlySpan<byte> payload, string? reply = null)
    {
        var name = Encoding.UTF8.GetBytes(subject);
        var answer = reply is null ? [] : Encoding.UTF8.GetBytes(reply);
        var frame = new byte[FrameWriter.PublishOverhead(name.Length, answer.Length, 0, payload.Length) + payload.Length];
        return frame[..FrameWriter.WritePublish(frame, name, answer, default, payload)];
    }

    // Published bytes are delivered bytes; the DELIVER before them is the counter's business.
    internal override byte[] Delivered(uint sid, string pattern, string subject, ReadOnlySpan<byte> payload, string? reply = null) => Publish(subject, payload, reply);

    internal override FrameCounter Count(ReadOnlyMemory<byte> delivered, ReadOnlyMemory<byte>? expected) => new RunFrameCounter(delivered.Length, expected);

    private static bool EndsWith(ReadOnlySpan<byte> received, FrameKind kind)
    {
        var last = FrameKind.None;
        while (!received.IsEmpty)
        {
            if (FrameScanner.Scan(received, Limits.Ceiling, out var head) != ScanResult.Done) return false;
            if (head.Kind == FrameKind.Error) throw new InvalidDataException($"the broker answered with an error: {Encoding.UTF8.GetString(received)}");
            last = head.Kind;
            received = received[head.Length..];
        }

        return last == kind;
    }
}
