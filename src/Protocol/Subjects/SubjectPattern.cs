using System.Text;

namespace UdsBroker.Protocol;

/// <summary>
/// The subscription side of subjects: a subject in which <c>*</c> stands for exactly one token and a last <c>&gt;</c> for one or more.
/// A wildcard in the first place never matches a subject that begins with <c>$</c>, <c>_INBOX.</c> or <c>_BROKER.</c>, so <c>&gt;</c>
/// matches everything that users publish for anybody; subscribe to <c>$SYS.&gt;</c> for the broker's own messages. Checked once, then known
/// to be well-formed. Equality is that of the bytes. PROTOCOL.md, "Subjects and patterns".
/// </summary>
public readonly struct SubjectPattern : IEquatable<SubjectPattern>
{
    private SubjectPattern(ReadOnlyMemory<byte> utf8, bool isLiteral) => (Utf8, IsLiteral) = (utf8, isLiteral);

    /// <summary>The bytes as on the wire.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>True when it has no wildcard, so that it matches exactly one subject, itself.</summary>
    public bool IsLiteral { get; }

    /// <summary>The first fault of a pattern, or <see cref="SubjectFault.None"/>. Allocates nothing.</summary>
    /// <param name="utf8">The bytes as on the wire.</param>
    /// <param name="limits">The limits in force; null means <see cref="Limits.Default"/>.</param>
    public static SubjectFault Validate(ReadOnlySpan<byte> utf8, Limits? limits = null) =>
        SubjectRules.CheckPattern(utf8, limits ?? Limits.Default, out _);

    /// <summary>Checks and copies the bytes of a pattern.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out SubjectPattern pattern, out SubjectFault fault, Limits? limits = null)
    {
        fault = SubjectRules.CheckPattern(utf8, limits ?? Limits.Default, out bool isLiteral);
        pattern = fault == SubjectFault.None ? new SubjectPattern(utf8.ToArray(), isLiteral) : default;
        return fault == SubjectFault.None;
    }

    /// <summary>Checks and encodes the text of a pattern. A lone surrogate is <see cref="SubjectFault.InvalidUtf8"/>.</summary>
    public static bool TryParse(string text, out SubjectPattern pattern, out SubjectFault fault, Limits? limits = null)
    {
        if (SubjectText.TryEncode(text, out byte[] utf8))
            return TryParse(utf8, out pattern, out fault, limits);
        (pattern, fault) = (default, SubjectFault.InvalidUtf8);
        return false;
    }

    /// <summary>Checks and encodes the text of a pattern.</summary>
    /// <exception cref="FormatException">
    /// It breaks a rule of patterns; the message names the rule, the number and the number allowed.
    /// </exception>
    public static SubjectPattern Parse(string text, Limits? limits = null) =>
        TryParse(text, out SubjectPattern pattern, out SubjectFault fault, limits)
            ? pattern
            : throw new FormatException(fault.Describe(Encoding.UTF8.GetBytes(text), limits ?? Limits.Default));

    /// <summary>
    /// True when the pattern matches a well-formed subject: the plain definition, token by token, against which every faster index is
    /// tested.
    /// </summary>
    public bool Matches(ReadOnlySpan<byte> subject)
    {
        SubjectTokenizer parts = new(Utf8.Span);
        SubjectTokenizer tokens = new(subject);
        bool isHidden = ReservedSubjects.IsHidden(subject);
        while (parts.MoveNext())
        {
            bool hasToken = tokens.MoveNext();
            ReadOnlySpan<byte> part = parts.Current;
            if (part.SequenceEqual(">"u8))
                return hasToken && !isHidden;
            if (!hasToken || !(part.SequenceEqual("*"u8) ? !isHidden : part.SequenceEqual(tokens.Current)))
                return false;
            isHidden = false;
        }

        return !tokens.MoveNext();
    }

    /// <inheritdoc/>
    public bool Equals(SubjectPattern other) => Utf8.Span.SequenceEqual(other.Utf8.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SubjectPattern other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }

    /// <summary>The pattern as text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);

    /// <summary>Equality of the bytes.</summary>
    public static bool operator ==(SubjectPattern left, SubjectPattern right) => left.Equals(right);

    /// <summary>Inequality of the bytes.</summary>
    public static bool operator !=(SubjectPattern left, SubjectPattern right) => !left.Equals(right);
}
