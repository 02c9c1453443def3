namespace UdsBroker.Protocol;

/// <summary>
/// What the scanner found out about one frame. Offsets count from the first byte of the frame. The properties from
/// <see cref="SubjectStart"/> on are those of a PUBLISH and zero for other kinds. It holds no reference to the bytes.
/// </summary>
public struct FrameHead
{
    /// <summary>What the frame is; <see cref="FrameKind.None"/> while the kind has not arrived or is unknown.</summary>
    public FrameKind Kind { get; internal set; }

    /// <summary>
    /// Why the frame was refused; <see cref="Violation.None"/> unless the scan ended in <see cref="ScanResult.Violation"/> or <see
    /// cref="ScanResult.TooBig"/>.
    /// </summary>
    public Violation Violation { get; internal set; }

    /// <summary>
    /// TooBig: what the frame has or claims to have of that which is limited, in bytes, or in elements or entries where their number is
    /// limited. It may be more, because the scan ends there. A claim that does not fit is given as <see cref="uint.MaxValue"/>. 0 after any
    /// other result.
    /// </summary>
    public uint Claimed { get; internal set; }

    /// <summary>
    /// Done: the length of the whole frame in bytes. NeedMore: the least length that the frame can have, always more than what was scanned;
    /// with fewer bytes another scan can only return NeedMore or a refusal.
    /// </summary>
    public int Length { get; internal set; }

    /// <summary>Where the UTF-8 of the subject begins.</summary>
    public int SubjectStart { get; internal set; }

    /// <summary>
    /// The bytes of the subject, at least 1. Rules of subjects beyond length and UTF-8 are not checked: <see cref="Subject.Validate"/>.
    /// </summary>
    public int SubjectLength { get; internal set; }

    /// <summary>Where the UTF-8 of the reply subject begins; 0 when it is nil.</summary>
    public int ReplyStart { get; internal set; }

    /// <summary>The bytes of the reply subject; -1 when it is nil.</summary>
    public int ReplyLength { get; internal set; }

    /// <summary>Where the encoded header map begins, its own header included; 0 when it is nil.</summary>
    public int HeadersStart { get; internal set; }

    /// <summary>The bytes of the encoded header map; 0 when it is nil.</summary>
    public int HeadersLength { get; internal set; }

    /// <summary>Where the payload begins.</summary>
    public int PayloadStart { get; internal set; }

    /// <summary>The bytes of the payload, which may be 0.</summary>
    public int PayloadLength { get; internal set; }

    /// <summary>Which of the two elements that may be nil a PUBLISH has.</summary>
    public readonly FrameParts Parts => (ReplyLength < 0 ? 0 : FrameParts.Reply) | (HeadersLength == 0 ? 0 : FrameParts.Headers);

    /// <summary>How many elements the array of the frame has, trailing ones of a newer version included.</summary>
    internal int ElementCount { get; set; }

    /// <summary>The bytes from the start of the frame to the end of the subject: equal in all frames of a run.</summary>
    public readonly int PrefixLength => SubjectStart + SubjectLength;
}
