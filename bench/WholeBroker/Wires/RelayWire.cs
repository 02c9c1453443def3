namespace UdsBroker.Bench.Wires;

/// <summary>
/// The relay looks at nothing but the first two bytes of a connection: <c>s</c> or <c>p</c>, and a letter that joins publishers and
/// subscribers. It answers with <c>+</c>. What flows is our PUBLISH frames, so that it moves the bytes that our broker moves.
/// </summary>
internal sealed class RelayWire : Wire
{
    private readonly UdsbWire _frames = new();

    internal override ReadOnlyMemory<byte> Greeting => default;

    internal override bool IsGreeted(ReadOnlySpan<byte> received) => true;

    internal override bool KnowsSubjects => false;

    internal override byte[] Subscribe(uint sid, string pattern) => [(byte)'s', (byte)pattern[0]];

    internal override bool IsSubscribed(ReadOnlySpan<byte> received) => received is [(byte)'+'];

    internal override byte[] Announce(string subject) => [(byte)'p', (byte)subject[0]];

    internal override bool IsAnnounced(ReadOnlySpan<byte> received) => received is [(byte)'+'];

    internal override byte[] Publish(string subject, ReadOnlySpan<byte> payload, string? reply = null) => _frames.Publish(subject, payload);

    internal override byte[] Delivered(uint sid, string pattern, string subject, ReadOnlySpan<byte> payload, string? reply = null) => _frames.Publish(subject, payload);

    internal override FrameCounter Count(ReadOnlyMemory<byte> delivered, ReadOnlyMemory<byte>? expected) =>
        new FixedFrameCounter(delivered.Length, 0, default, expected);
}
