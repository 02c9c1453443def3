using System.Text;

namespace UdsBroker.Protocol;

/// <summary>The sentences for <see cref="SubjectFault"/>: they show the text, the number it has and the number allowed.</summary>
public static class SubjectFaults
{
    private const int LongestQuote = 80;

    /// <summary>One sentence for the message of an ERROR or an exception.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="offending">
    /// The bytes of the subject or pattern; bytes that are not UTF-8 are shown as U+FFFD, long texts are shortened.
    /// </param>
    /// <param name="limits">The limits in force.</param>
    public static string Describe(this SubjectFault fault, ReadOnlySpan<byte> offending, Limits limits) => fault switch
    {
        SubjectFault.None => $"{Quote(offending)} is well-formed",
        SubjectFault.Empty => "a subject cannot be empty",
        SubjectFault.TooLong => $"{Quote(offending)} has {offending.Length} bytes; at most {limits.MaxSubjectBytes} are allowed",
        SubjectFault.TooManyTokens =>
            $"{Quote(offending)} has {offending.Count((byte)'.') + 1} tokens; at most {limits.MaxTokens} are allowed",
        SubjectFault.EmptyToken => $"{Quote(offending)} has an empty token; write one dot between tokens and none at the ends",
        SubjectFault.InvalidUtf8 => $"{Quote(offending)} is not valid UTF-8",
        SubjectFault.ForbiddenCharacter => $"{Quote(offending)} holds a space or a control character",
        SubjectFault.WildcardInSubject => $"{Quote(offending)} holds a wildcard; '*' and '>' are for patterns, not for subjects",
        SubjectFault.WildcardInsideToken => $"{Quote(offending)} holds a wildcard beside other characters; '*' and '>' are whole tokens",
        SubjectFault.TailNotLast => $"{Quote(offending)} has '>' before its end; '>' stands for the whole tail and comes last",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };

    private static string Quote(ReadOnlySpan<byte> utf8)
    {
        StringBuilder quoted = new("'");
        foreach (Rune rune in Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, LongestQuote)]).EnumerateRunes())
        {
            if (Rune.IsControl(rune))
                quoted.Append("\\u").Append(rune.Value.ToString("x4", null));
            else
                quoted.Append(rune.ToString());
        }

        return quoted.Append(utf8.Length > LongestQuote ? "...'" : "'").ToString();
    }
}
