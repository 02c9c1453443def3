using System.Globalization;
using System.Text;

namespace UdsBroker.Bench.Wires;

/// <summary>
/// NATS: lines of text, payloads by length.
/// <code>
/// PUB subject [reply] length CRLF payload CRLF          MSG subject sid [reply] length CRLF payload CRLF
/// </code>
/// The server asks every client with PING once, shortly after it has connected, and then never again within a run.
/// </summary>
internal sealed class NatsWire : Wire
{
    internal override ReadOnlyMemory<byte> Greeting { get; } =
        Encoding.ASCII.GetBytes("""CONNECT {"verbose":false,"pedantic":false,"headers":false,"lang":"bench","version":"1"}""" + "\r\nPING\r\n");

    internal override bool IsGreeted(ReadOnlySpan<byte> received) => received.EndsWith("PONG\r\n"u8);

    internal override byte[] Subscribe(uint sid, string pattern) => Encoding.ASCII.GetBytes($"SUB {pattern} {sid}\r\nPING\r\n");

    internal override bool IsSubscribed(ReadOnlySpan<byte> received) => received.EndsWith("PONG\r\n"u8);

    internal override byte[] Publish(string subject, ReadOnlySpan<byte> payload, string? reply = null) =>
        Message(reply is null ? $"PUB {subject}" : $"PUB {subject} {reply}", payload);

    internal override byte[] Delivered(uint sid, string pattern, string subject, ReadOnlySpan<byte> payload, string? reply = null) =>
        Message(reply is null ? $"MSG {subject} {sid}" : $"MSG {subject} {sid} {reply}", payload);

    internal override FrameCounter Count(ReadOnlyMemory<byte> delivered, ReadOnlyMemory<byte>? expected) =>
        new FixedFrameCounter(delivered.Length, (byte)'M', "PING\r\n"u8, expected);

    private static byte[] Message(string head, ReadOnlySpan<byte> payload) =>
        [.. Encoding.ASCII.GetBytes(head + " " + payload.Length.ToString(CultureInfo.InvariantCulture) + "\r\n"), .. payload, .. "\r\n"u8];
}
