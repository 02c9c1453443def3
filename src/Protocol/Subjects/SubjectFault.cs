namespace UdsBroker.Protocol;

/// <summary>What is wrong with a subject or a pattern. PROTOCOL.md, "Subjects and patterns".</summary>
public enum SubjectFault : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It has no bytes at all.</summary>
    Empty,

    /// <summary>It has more bytes than <see cref="Limits.MaxSubjectBytes"/>.</summary>
    TooLong,

    /// <summary>It has more tokens than <see cref="Limits.MaxTokens"/>.</summary>
    TooManyTokens,

    /// <summary>A token is empty: a dot at the start, at the end, or next to another dot.</summary>
    EmptyToken,

    /// <summary>The bytes are not valid UTF-8.</summary>
    InvalidUtf8,

    /// <summary>A space or a control character: a byte up to 0x20, or 0x7F.</summary>
    ForbiddenCharacter,

    /// <summary>A <c>*</c> or <c>&gt;</c> in a subject; only patterns have wildcards.</summary>
    WildcardInSubject,

    /// <summary>A <c>*</c> or <c>&gt;</c> beside other characters in a token of a pattern; a wildcard is a whole token.</summary>
    WildcardInsideToken,

    /// <summary>A <c>&gt;</c> that is not the last token of its pattern.</summary>
    TailNotLast,
}
