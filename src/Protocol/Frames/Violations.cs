namespace UdsBroker.Protocol;

/// <summary>The sentences for <see cref="Violation"/>: what came, and what is allowed.</summary>
public static class Violations
{
    /// <summary>One sentence for GOODBYE and the log.</summary>
    /// <param name="violation">What is wrong.</param>
    /// <param name="limits">The limits in force, for the number that was crossed.</param>
    public static string Describe(this Violation violation, Limits limits) => violation switch
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
        Violation.SubjectTooBig => $"the subject or the reply subject is longer than max-subject-bytes, {limits.MaxSubjectBytes}",
        Violation.PayloadTooBig => $"the payload is longer than max-payload-bytes, {limits.MaxPayloadBytes}",
        Violation.HeadersTooBig => $"the header map is longer than max-header-bytes, {limits.MaxHeaderBytes}",
        Violation.TooManyHeaders => $"the header map has more entries than max-headers, {limits.MaxHeaders}",
        Violation.ControlFrameTooBig =>
            $"the frame without its payload is longer than max-control-frame-bytes, {limits.MaxControlFrameBytes}, "
            + $"or the HELLO longer than max-hello-bytes, {limits.MaxHelloBytes}",
        Violation.TooManyElements => $"the frame has more elements than max-elements, {limits.MaxElements}",
        _ => throw new ArgumentOutOfRangeException(nameof(violation), violation, null),
    };

    /// <summary>
    /// True for what is beyond a bound of length or number, the last values of the enum: the connection ends with
    /// <see cref="CloseReason.FrameTooBig"/>; else with <see cref="CloseReason.Violation"/>.
    /// </summary>
    public static bool IsTooBig(this Violation violation) => violation >= Violation.SubjectTooBig;
}
