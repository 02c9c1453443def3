namespace UdsBroker.Protocol;

/// <summary>
/// The code of an ERROR frame: what was refused, for programs; the message beside it is for people and nobody parses it. The connection
/// lives on. The numbers are fixed forever; a reader that meets an unknown number keeps the number. PROTOCOL.md, "Error codes".
/// </summary>
public enum ErrorCode : ushort
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>A PUBLISH names a subject that breaks the rules of subjects; the message was not routed.</summary>
    BadSubject = 1,

    /// <summary>A SUBSCRIBE names a pattern that breaks the rules of patterns; there is no such subscription.</summary>
    BadPattern = 2,

    /// <summary>A known option has a wrong type or a value outside its range, or comes twice; the command was not carried out.</summary>
    BadOption = 3,

    /// <summary>A SUBSCRIBE uses a sid that this connection already uses; the older subscription lives on.</summary>
    DuplicateSid = 4,

    /// <summary>An UNSUBSCRIBE or CREDIT names a sid that this connection does not use.</summary>
    UnknownSid = 5,

    /// <summary>The connection has <see cref="Limits.MaxSubscriptions"/> subscriptions; there is no such subscription.</summary>
    TooManySubscriptions = 6,

    /// <summary>The access rules forbid it.</summary>
    NotAllowed = 7,

    /// <summary>A PUBLISH with a reply subject matched nobody: no answer will come.</summary>
    NoResponders = 8,

    /// <summary>The inbox belongs to an identity that is not, or no longer, connected.</summary>
    GoneIdentity = 9,

    /// <summary>The store of retained messages is full; the message was routed and not retained.</summary>
    RetainedFull = 10,

    /// <summary>The subject is reserved: only the broker publishes below <c>$SYS.</c>, only its owner subscribes below an inbox.</summary>
    ReservedSubject = 11,

    /// <summary>
    /// A request to the broker itself is longer than <see cref="Limits.MaxControlFrameBytes"/>; or a payload is longer than
    /// <see cref="Limits.MaxPayloadBytes"/>, which client libraries report before they send.
    /// </summary>
    PayloadTooBig = 12,

    /// <summary>A known header has a value that cannot be read; the message was not routed.</summary>
    BadHeader = 13,

    /// <summary>A CREDIT names a subscription that was made without the option <c>credit</c>.</summary>
    NotOnCredit = 14,

    /// <summary>Every connection that was given a request has ended, and none of them has answered it: no answer will come.</summary>
    ResponderGone = 15,

    /// <summary>There is no room for another delayed message; it was not routed.</summary>
    DelayedFull = 16,
}
