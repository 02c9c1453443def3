namespace UdsBroker.Protocol;

/// <summary>
/// All limits of the wire in one place: the broker sends its values in WELCOME, and they hold for both directions. A length or count beyond
/// a limit ends the connection when it is read, before the bytes that it announces have arrived or memory was allocated for them. Lengths
/// are in bytes. <see cref="Default"/> has the values of a broker without settings of its own. PROTOCOL.md, "Limits".
/// </summary>
public sealed record Limits
{
    /// <summary>
    /// The sids that one DELIVER may name. A message for more subscriptions of one connection is delivered several times, each to its
    /// share.
    /// </summary>
    public const int MaxDeliverSids = 1024;

    /// <summary>The largest possible <see cref="MaxDepth"/>: the scanner keeps room for this many levels on its stack.</summary>
    internal const int DepthCeiling = 64;

    /// <summary>The defaults.</summary>
    public static Limits Default { get; } = new();

    /// <summary>
    /// The smallest values that settings may have; a client refuses a WELCOME with less.
    /// </summary>
    public static Limits Floor { get; } = new()
    {
        MaxPayloadBytes = 1,
        MaxSubjectBytes = 64,
        MaxTokens = 4,
        MaxHeaders = 1,
        MaxHeaderBytes = 64,
        MaxSubscriptions = 1,
        MaxHelloBytes = 256,
        MaxControlFrameBytes = 4096,
        MaxElements = 64,
        MaxDepth = 4,
    };

    /// <summary>
    /// The values no setting may exceed, so that every offset inside a frame fits an <see cref="int"/> and every scan is bounded.
    /// </summary>
    public static Limits Ceiling { get; } = new()
    {
        MaxPayloadBytes = 1 << 30,
        MaxSubjectBytes = 4096,
        MaxTokens = 256,
        MaxHeaders = 4096,
        MaxHeaderBytes = 1 << 20,
        MaxSubscriptions = 1 << 24,
        MaxHelloBytes = 1 << 20,
        MaxControlFrameBytes = 1 << 24,
        MaxElements = 1 << 20,
        MaxDepth = DepthCeiling,
        MaxPacketBytes = 4 << 20,
    };

    /// <summary>The payload of one PUBLISH. Default 16 MiB. Beyond it: <see cref="CloseReason.FrameTooBig"/>.</summary>
    public int MaxPayloadBytes { get; init; } = 16 << 20;

    /// <summary>A subject, reply subject or pattern in UTF-8. Default 255.</summary>
    public int MaxSubjectBytes { get; init; } = 255;

    /// <summary>The tokens of a subject or pattern. Default 32.</summary>
    public int MaxTokens { get; init; } = 32;

    /// <summary>The entries of a header map. Default 64. Beyond it: <see cref="CloseReason.FrameTooBig"/>.</summary>
    public int MaxHeaders { get; init; } = 64;

    /// <summary>
    /// The encoded header map of one PUBLISH, all of it. Default 16 KiB. Beyond it: <see cref="CloseReason.FrameTooBig"/>.
    /// </summary>
    public int MaxHeaderBytes { get; init; } = 16 << 10;

    /// <summary>The subscriptions of one connection. Default 16384. Beyond it: <see cref="ErrorCode.TooManySubscriptions"/>.</summary>
    public int MaxSubscriptions { get; init; } = 16384;

    /// <summary>
    /// A whole HELLO frame, which comes from a peer that has not identified itself yet. Default 4 KiB. Beyond it:
    /// <see cref="CloseReason.FrameTooBig"/>.
    /// </summary>
    public int MaxHelloBytes { get; init; } = 4 << 10;

    /// <summary>Any other frame without its payload. Default 64 KiB. Beyond it: <see cref="CloseReason.FrameTooBig"/>.</summary>
    public int MaxControlFrameBytes { get; init; } = 64 << 10;

    /// <summary>
    /// The elements of one frame, nested ones included, so that rescanning a frame that arrives byte by byte stays cheap. Default 4096.
    /// Beyond it: <see cref="CloseReason.FrameTooBig"/>.
    /// </summary>
    public int MaxElements { get; init; } = 4096;

    /// <summary>
    /// Arrays and maps within each other, the frame being the first. Default 32. Beyond it: <see cref="CloseReason.Violation"/>.
    /// </summary>
    public int MaxDepth { get; init; } = 32;

    /// <summary>
    /// One packet of a connection that preserves packets, in either direction; no frame can be longer there. Default 0: the connection is a
    /// stream and has no packets. Beyond it: <see cref="CloseReason.FrameTooBig"/>.
    /// </summary>
    public int MaxPacketBytes { get; init; }

    /// <summary>The longest frame that can be whole: no receive buffer needs to be larger.</summary>
    public int MaxFrameBytes => MaxPayloadBytes + Math.Max(MaxControlFrameBytes, MaxHelloBytes);

    /// <summary>
    /// The sids that one DELIVER may name so that it keeps to these limits itself: <see cref="MaxDeliverSids"/>, unless elements or bytes
    /// are few.
    /// </summary>
    public int DeliverSids =>
        Math.Min(MaxDeliverSids, Math.Min(MaxElements - FrameWriter.DeliverElements, FrameWriter.SidsWithin(MaxControlFrameBytes)));

    /// <summary>
    /// The first value outside its range, as one sentence with the value and the range, or null when all are between
    /// <see cref="Floor"/> and <see cref="Ceiling"/>. For WELCOME, where the values come from outside.
    /// </summary>
    public string? FindProblem()
    {
        foreach (LimitName limit in LimitName.All)
        {
            (int value, int min, int max) = (limit.Read(this), limit.Read(Floor), limit.Read(Ceiling));
            if (value < min || value > max)
                return $"{limit.Name} is {value}; allowed is {min} to {max}";
        }

        return null;
    }
}
