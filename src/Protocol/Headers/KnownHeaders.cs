namespace UdsBroker.Protocol;

/// <summary>
/// The headers that have a meaning to the broker or the client libraries. All begin with <c>Udsb-</c>, a prefix that is reserved for them;
/// names are compared byte by byte. Every other header passes through untouched. PROTOCOL.md, "Headers".
/// </summary>
public static class KnownHeaders
{
    /// <summary>The prefix of all of them.</summary>
    public const string Prefix = "Udsb-";

    /// <summary><c>Udsb-Retain: 1</c>: the broker keeps the message as the last one of its subject.</summary>
    public const string Retain = "Udsb-Retain";

    /// <summary><c>Udsb-Expires</c>: milliseconds after which the message is dropped wherever it still waits.</summary>
    public const string Expires = "Udsb-Expires";

    /// <summary><c>Udsb-Delay</c>: milliseconds the broker waits before it routes the message.</summary>
    public const string Delay = "Udsb-Delay";

    /// <summary><c>Udsb-Error</c>: in an answer, the text of the service's error.</summary>
    public const string Error = "Udsb-Error";

    /// <summary><c>Udsb-Error-Code</c>: in an answer, the number of that error.</summary>
    public const string ErrorCode = "Udsb-Error-Code";
}
