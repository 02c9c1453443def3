using System.Text;

namespace UdsBroker.Protocol;

/// <summary>
/// The dotted name a message is published to, such as <c>orders.eu.created</c>: checked once, then known to be well-formed, without
/// wildcards. Equality is that of the bytes. A default value is the empty subject, which no message has. PROTOCOL.md, "Subjects and
/// patterns".
/// </summary>
public readonly struct Subject : IEquatable<Subject>
{
    private Subject(ReadOnlyMemory<byte> utf8) => Utf8 = utf8;

    /// <summary>The bytes as on the wire.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>The first fault of a subject, or <see cref="SubjectFault.None"/>. Allocates nothing.</summary>
    /// <param name="utf8">The bytes as on the wire.</param>
    /// <param name="limits">The limits in force; null means <see cref="Limits.Default"/>.</param>
    public static SubjectFault Validate(ReadOnlySpan<byte> utf8, Limits? limits = null) =>
        SubjectRules.CheckSubject(utf8, limits ?? Limits.Default);

    /// <summary>Checks and copies the bytes of a subject.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out Subject subject, out SubjectFault fault, Limits? limits = null)
    {
        fault = Validate(utf8, limits);
        subject = fault == SubjectFault.None ? new Subject(utf8.ToArray()) : default;
        return fault == SubjectFault.None;
    }

    /// <summary>Checks and encodes the text of a subject. A lone surrogate is <see cref="SubjectFault.InvalidUtf8"/>.</summary>
    public static bool TryParse(string text, out Subject subject, out SubjectFault fault, Limits? limits = null)
    {
        fault = SubjectText.TryEncode(text, out byte[] utf8) ? Validate(utf8, limits) : SubjectFault.InvalidUtf8;
        subject = fault == SubjectFault.None ? new Subject(utf8) : default;
        return fault == SubjectFault.None;
    }

    /// <summary>Checks and encodes the text of a subject.</summary>
    /// <exception cref="FormatException">
    /// It breaks a rule of subjects; the message names the rule, the number and the number allowed.
    /// </exception>
    public static Subject Parse(string text, Limits? limits = null) =>
        TryParse(text, out Subject subject, out SubjectFault fault, limits)
            ? subject
            : throw new FormatException(fault.Describe(Encoding.UTF8.GetBytes(text), limits ?? Limits.Default));

    /// <inheritdoc/>
    public bool Equals(Subject other) => Utf8.Span.SequenceEqual(other.Utf8.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Subject other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }

    /// <summary>The subject as text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);

    /// <summary>Equality of the bytes.</summary>
    public static bool operator ==(Subject left, Subject right) => left.Equals(right);

    /// <summary>Inequality of the bytes.</summary>
    public static bool operator !=(Subject left, Subject right) => !left.Equals(right);
}
