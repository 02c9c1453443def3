using System.Text;

namespace UdsBroker.Bench.Wires;

/// <summary>
/// Redis publish and subscribe, in RESP2: everything is an array of strings with their lengths.
/// <code>
/// *3 $7 PUBLISH channel payload          *3 $7 message channel payload          *4 $8 pmessage pattern channel payload
/// </code>
/// A publisher gets the number of receivers after each message; the generator takes these answers in and looks at none.
/// </summary>
internal sealed class RedisWire : Wire
{
    internal override ReadOnlyMemory<byte> Greeting { get; } = Command("PING"u8.ToArray());

    internal override bool IsGreeted(ReadOnlySpan<byte> received) => received.EndsWith("+PONG\r\n"u8);

    internal override byte[] Subscribe(uint sid, string pattern) => Command(IsPattern(pattern) ? "PSUBSCRIBE"u8.ToArray() : "SUBSCRIBE"u8.ToArray(), Text(pattern));

    // It ends in the number of subscriptions, ":1".
    internal override bool IsSubscribed(ReadOnlySpan<byte> received) => received.LastIndexOf((byte)':') > 0 && received.EndsWith("\r\n"u8);

    internal override byte[] Publish(string subject, ReadOnlySpan<byte> payload, string? reply = null) => Command("PUBLISH"u8.ToArray(), Text(subject), payload.ToArray());

    internal override byte[] Delivered(uint sid, string pattern, string subject, ReadOnlySpan<byte> payload, string? reply = null) => IsPattern(pattern)
        ? Command("pmessage"u8.ToArray(), Text(pattern), Text(subject), payload.ToArray())
        : Command("message"u8.ToArray(), Text(subject), payload.ToArray());

    internal override FrameCounter Count(ReadOnlyMemory<byte> delivered, ReadOnlyMemory<byte>? expected) =>
        new FixedFrameCounter(delivered.Length, (byte)'*', default, expected);

    private static bool IsPattern(string pattern) => pattern.Contains('*', StringComparison.Ordinal);

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Command(params byte[][] words)
    {
        List<byte> bytes = [.. Text($"*{words.Length}\r\n")];
        foreach (var word in words)
        {
            bytes.AddRange(Text($"${word.Length}\r\n"));
            bytes.AddRange(word);
            bytes.AddRange("\r\n"u8);
        }

        return [.. bytes];
    }
}
