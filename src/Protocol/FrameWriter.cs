using System.Buffers;

namespace UdsBroker.Protocol;

/// <summary>The only place that encodes frames, always in the shortest form. Span writers return the bytes written and throw <see cref="ArgumentException"/> when the destination is too short.</summary>
public static class FrameWriter
{
    /// <summary>The longest PING, and the longest CREDIT and MISSED.</summary>
    public const int MaxPingBytes = 16;

    /// <summary>The longest CREDIT or MISSED.</summary>
    public const int MaxCountBytes = 16;

    /// <summary>The longest PONG.</summary>
    public const int MaxPongBytes = 48;

    /// <summary>HELLO.</summary>
    public static void Write(IBufferWriter<byte> output, HelloCommand command) => throw new NotSupportedException();

    /// <summary>WELCOME.</summary>
    public static void Write(IBufferWriter<byte> output, WelcomeCommand command) => throw new NotSupportedException();

    /// <summary>SUBSCRIBE.</summary>
    public static void Write(IBufferWriter<byte> output, SubscribeCommand command) => throw new NotSupportedException();

    /// <summary>UNSUBSCRIBE.</summary>
    public static void Write(IBufferWriter<byte> output, UnsubscribeCommand command) => throw new NotSupportedException();

    /// <summary>PING.</summary>
    public static void Write(IBufferWriter<byte> output, PingCommand command) => throw new NotSupportedException();

    /// <summary>PONG.</summary>
    public static void Write(IBufferWriter<byte> output, PongCommand command) => throw new NotSupportedException();

    /// <summary>DELIVER.</summary>
    public static void Write(IBufferWriter<byte> output, DeliverCommand command) => throw new NotSupportedException();

    /// <summary>ERROR.</summary>
    public static void Write(IBufferWriter<byte> output, ErrorCommand command) => throw new NotSupportedException();

    /// <summary>GOODBYE.</summary>
    public static void Write(IBufferWriter<byte> output, GoodbyeCommand command) => throw new NotSupportedException();

    /// <summary>MISSED.</summary>
    public static void Write(IBufferWriter<byte> output, MissedCommand command) => throw new NotSupportedException();

    /// <summary>CREDIT.</summary>
    public static void Write(IBufferWriter<byte> output, CreditCommand command) => throw new NotSupportedException();

    /// <summary>The bytes of a PUBLISH besides its payload. Reply -1 is nil, headers 0 is nil.</summary>
    public static int PublishOverhead(int subjectLength, int replyLength, int headersLength, int payloadLength) => throw new NotSupportedException();

    /// <summary>A whole PUBLISH; an empty reply and empty headers are nil.</summary>
    public static int WritePublish(Span<byte> destination, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply, ReadOnlySpan<byte> encodedHeaders, ReadOnlySpan<byte> payload) => throw new NotSupportedException();

    /// <summary>A PUBLISH up to where the payload begins.</summary>
    public static int WritePublishHead(Span<byte> destination, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply, ReadOnlySpan<byte> encodedHeaders, int payloadLength) => throw new NotSupportedException();

    /// <summary>The longest DELIVER with so many sids.</summary>
    public static int MaxDeliverHeader(int sids) => 1 + 1 + 5 + (5 * sids) + 18 + 5;

    /// <summary>DELIVER.</summary>
    public static int WriteDeliver(Span<byte> destination, ReadOnlySpan<uint> sids, ReadOnlySpan<byte> sender, uint count) => throw new NotSupportedException();

    /// <summary>PING.</summary>
    public static int WritePing(Span<byte> destination, ulong token) => throw new NotSupportedException();

    /// <summary>PONG.</summary>
    public static int WritePong(Span<byte> destination, ulong token, Receipt? receipt) => throw new NotSupportedException();

    /// <summary>MISSED.</summary>
    public static int WriteMissed(Span<byte> destination, uint sid, ulong count) => throw new NotSupportedException();

    /// <summary>CREDIT.</summary>
    public static int WriteCredit(Span<byte> destination, uint sid, ulong count) => throw new NotSupportedException();
}
