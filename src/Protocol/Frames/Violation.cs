namespace UdsBroker.Protocol;

/// <summary>
/// What exactly is wrong with a frame that the scanner or the command reader refused: for GOODBYE's message and for the log.
/// </summary>
public enum Violation : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The first byte is not the header of a MessagePack array.</summary>
    NotAFrame,

    /// <summary>The first element is not the number of a frame kind.</summary>
    UnknownKind,

    /// <summary>The array is shorter than its kind demands.</summary>
    MissingElement,

    /// <summary>An element has another type than its place demands.</summary>
    WrongType,

    /// <summary>A number is negative or larger than its place allows.</summary>
    OutOfRange,

    /// <summary>A str is not valid UTF-8.</summary>
    InvalidUtf8,

    /// <summary>The byte 0xC1, which MessagePack never uses.</summary>
    NeverUsedByte,

    /// <summary>The subject or the reply subject of a PUBLISH is empty.</summary>
    EmptySubject,

    /// <summary>Arrays and maps are nested deeper than <see cref="Limits.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>The subject or the reply subject is longer than <see cref="Limits.MaxSubjectBytes"/>.</summary>
    SubjectTooBig,

    /// <summary>The payload is longer than <see cref="Limits.MaxPayloadBytes"/>.</summary>
    PayloadTooBig,

    /// <summary>The header map is longer than <see cref="Limits.MaxHeaderBytes"/>.</summary>
    HeadersTooBig,

    /// <summary>The header map has more entries than <see cref="Limits.MaxHeaders"/>.</summary>
    TooManyHeaders,

    /// <summary>
    /// The frame without its payload is longer than <see cref="Limits.MaxControlFrameBytes"/>, or a HELLO than <see
    /// cref="Limits.MaxHelloBytes"/>.
    /// </summary>
    ControlFrameTooBig,

    /// <summary>The frame has more elements than <see cref="Limits.MaxElements"/>.</summary>
    TooManyElements,
}
