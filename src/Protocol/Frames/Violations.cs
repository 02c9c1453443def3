namespace UdsBroker.Protocol;

/// <summary>The sentences for <see cref="Violation"/>: what came, and what is allowed. Limits are named as WELCOME names them.</summary>
public static class Violations
{
    /// <summary>One sentence for GOODBYE and the log about a frame that was refused.</summary>
    /// <param name="head">What the scanner found out about it.</param>
    /// <param name="limits">The limits in force, for the number that was exceeded.</param>
    public static string Describe(this in FrameHead head, Limits limits) => head.Violation switch
    {
        Violation.None => "nothing is wrong",
        Violation.NotAFrame => "expected a MessagePack array, which every frame is",
        Violation.UnknownKind => "the first element of the frame is not the number of a frame kind",
        Violation.MissingElement => "the frame has fewer elements than its kind demands",
        Violation.WrongType => "an element of the frame has another type than its place demands",
        Violation.OutOfRange => "a number in the frame is negative or larger than its place allows",
        Violation.InvalidUtf8 => "a str in the frame is not valid UTF-8",
        Violation.NeverUsedByte => "the frame holds the byte 0xC1 where an element begins, which MessagePack never uses",
        Violation.EmptySubject => "the subject or the reply subject is empty",
        Violation.TooDeep => $"arrays and maps are nested deeper than max-depth, {limits.MaxDepth}",
        Violation.SubjectTooBig => $"the subject or the reply subject has {head.Claimed} bytes, more than max-subject-bytes, {limits.MaxSubjectBytes}",
        Violation.PayloadTooBig => $"the payload has {head.Claimed} bytes, more than max-payload-bytes, {limits.MaxPayloadBytes}",
        Violation.HeadersTooBig => $"the header map has at least {head.Claimed} bytes, more than max-header-bytes, {limits.MaxHeaderBytes}",
        Violation.TooManyHeaders => $"the header map has {head.Claimed} entries, more than max-headers, {limits.MaxHeaders}",
        Violation.ControlFrameTooBig when head.Kind == FrameKind.Hello => DescribeLongHello(head.Claimed, limits),
        Violation.ControlFrameTooBig =>
            $"the frame has at least {head.Claimed} bytes without its payload, more than max-control-frame-bytes, {limits.MaxControlFrameBytes}",
        Violation.TooManyElements => $"the frame has at least {head.Claimed} elements, more than max-elements, {limits.MaxElements}",
        _ => throw new ArgumentOutOfRangeException(nameof(head), head.Violation, null),
    };

    /// <summary>As <see cref="Describe"/>, about a HELLO.</summary>
    /// <param name="bytes">How many it has at least.</param>
    /// <param name="limits">The limits in force.</param>
    public static string DescribeLongHello(long bytes, Limits limits) => $"HELLO has at least {bytes} bytes, more than max-hello-bytes, {limits.MaxHelloBytes}";

    /// <summary>
    /// True for what is beyond a bound of length or number, the last values of the enum: the connection ends with
    /// <see cref="CloseReason.FrameTooBig"/>; else with <see cref="CloseReason.Violation"/>.
    /// </summary>
    public static bool IsTooBig(this Violation violation) => violation >= Violation.SubjectTooBig;
}
