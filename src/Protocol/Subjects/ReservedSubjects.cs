using System.Buffers.Text;

namespace UdsBroker.Protocol;

/// <summary>
/// The three trees of subjects that belong to the broker: <c>_INBOX.&lt;id&gt;.</c>, the address of a connection, where <c>id</c> is the
/// 36 characters of its UUID in lower case; <c>$SYS.</c>, on which the broker publishes; and <c>_BROKER.</c>, on which it answers requests.
/// PROTOCOL.md, "Subjects and patterns" and "Identities and inboxes".
/// </summary>
public static class ReservedSubjects
{
    /// <summary>The bytes of <c>_INBOX.&lt;id&gt;.</c>: what comes before the rest of an inbox subject.</summary>
    public const int InboxPrefixLength = 44;

    /// <summary>The sid of a connection's inbox, which it has without subscribing; subscriptions are numbered from 1.</summary>
    public const uint InboxSid = 0;

    private const int IdLength = 36;

    /// <summary><c>_INBOX.</c></summary>
    public static ReadOnlySpan<byte> Inbox => "_INBOX."u8;

    /// <summary><c>$SYS.</c></summary>
    public static ReadOnlySpan<byte> System => "$SYS."u8;

    /// <summary><c>$SYS.interest.</c>, <see cref="SystemSubjects.InterestPrefix"/> as bytes.</summary>
    public static ReadOnlySpan<byte> Interest => "$SYS.interest."u8;

    /// <summary><c>_BROKER.</c></summary>
    public static ReadOnlySpan<byte> Broker => "_BROKER."u8;

    /// <summary>True below <c>_INBOX.</c>, even when no valid identity follows: such a subject never reaches a subscription.</summary>
    public static bool IsInbox(ReadOnlySpan<byte> subject) => subject.StartsWith(Inbox);

    /// <summary>True below <c>$SYS.</c></summary>
    public static bool IsSystem(ReadOnlySpan<byte> subject) => subject.StartsWith(System);

    /// <summary>True below <c>_BROKER.</c>: requests that the broker itself answers.</summary>
    public static bool IsBroker(ReadOnlySpan<byte> subject) => subject.StartsWith(Broker);

    /// <summary>True for subjects that a wildcard in the first place does not match.</summary>
    public static bool IsHidden(ReadOnlySpan<byte> subject) => subject.StartsWith("$"u8) || IsInbox(subject) || IsBroker(subject);

    /// <summary>
    /// The identity whose inbox a subject (or the pattern of its owner) is in; false when it is none or names no identity.
    /// </summary>
    public static bool TryReadInbox(ReadOnlySpan<byte> subject, out Guid id)
    {
        id = default;
        return subject.Length > InboxPrefixLength && IsInbox(subject) && subject[InboxPrefixLength - 1] == '.'
            && Utf8Parser.TryParse(subject.Slice(Inbox.Length, IdLength), out id, out int used, 'D') && used == IdLength;
    }

    /// <summary>Writes <c>_INBOX.&lt;id&gt;.</c>, <see cref="InboxPrefixLength"/> bytes.</summary>
    /// <exception cref="ArgumentException">The destination is shorter.</exception>
    public static void WriteInboxPrefix(Span<byte> destination, Guid id)
    {
        Inbox.CopyTo(destination);
        if (!Utf8Formatter.TryFormat(id, destination[Inbox.Length..], out _, 'D') || destination.Length < InboxPrefixLength)
            throw new ArgumentException($"{destination.Length} bytes, an inbox prefix has {InboxPrefixLength}", nameof(destination));
        destination[InboxPrefixLength - 1] = (byte)'.';
    }
}
