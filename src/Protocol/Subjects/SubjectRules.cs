using System.Buffers;
using System.Text.Unicode;

namespace UdsBroker.Protocol;

/// <summary>
/// The rules that subjects and patterns share, and their difference, the wildcards:
/// <code>
/// subject = token *( "." token )              ; 1 to 255 bytes, 1 to 32 tokens
/// token   = 1*( UTF-8 character without %x00-20 / %x7F / "." / "*" / "&gt;" )
/// pattern = "&gt;" / part *( "." part ) [ ".&gt;" ]
/// part    = token / "*"
/// </code>
/// The checks have a fixed order, and a text with several faults reports the first of them. PROTOCOL.md,
/// "Subjects and patterns".
/// </summary>
internal static class SubjectRules
{
    private static readonly SearchValues<byte> Wildcards = SearchValues.Create("*>"u8);
    private static readonly SearchValues<byte> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 0x21).Select(code => (byte)code), 0x7F]);

    /// <summary>The first fault of a subject.</summary>
    public static SubjectFault CheckSubject(ReadOnlySpan<byte> utf8, Limits limits)
    {
        SubjectFault fault = CheckShared(utf8, limits);
        return fault == SubjectFault.None && utf8.ContainsAny(Wildcards) ? SubjectFault.WildcardInSubject : fault;
    }

    /// <summary>The first fault of a pattern.</summary>
    public static SubjectFault CheckPattern(ReadOnlySpan<byte> utf8, Limits limits, out bool isLiteral)
    {
        SubjectFault fault = CheckShared(utf8, limits);
        isLiteral = !utf8.ContainsAny(Wildcards);
        return fault == SubjectFault.None && !isLiteral ? CheckWildcards(utf8) : fault;
    }

    private static SubjectFault CheckShared(ReadOnlySpan<byte> utf8, Limits limits)
    {
        if (utf8.IsEmpty)
            return SubjectFault.Empty;
        if (utf8.Length > limits.MaxSubjectBytes)
            return SubjectFault.TooLong;
        if (!Utf8.IsValid(utf8))
            return SubjectFault.InvalidUtf8;
        if (utf8.ContainsAny(Forbidden))
            return SubjectFault.ForbiddenCharacter;
        if (utf8.Count((byte)'.') >= limits.MaxTokens)
            return SubjectFault.TooManyTokens;
        return utf8[0] == '.' || utf8[^1] == '.' || utf8.IndexOf(".."u8) >= 0 ? SubjectFault.EmptyToken : SubjectFault.None;
    }

    private static SubjectFault CheckWildcards(ReadOnlySpan<byte> utf8)
    {
        bool tailSeen = false;
        foreach (ReadOnlySpan<byte> token in new SubjectTokenizer(utf8))
        {
            if (tailSeen)
                return SubjectFault.TailNotLast;
            if (token.Length > 1 && token.ContainsAny(Wildcards))
                return SubjectFault.WildcardInsideToken;
            tailSeen = token[0] == '>';
        }

        return SubjectFault.None;
    }
}
