namespace UdsBroker.Protocol;

/// <summary>
/// What DELIVER says about the messages that follow; bits that this build does not know are kept. PROTOCOL.md, "DELIVER".
/// </summary>
[Flags]
public enum DeliverFlags : uint
{
    /// <summary>Ordinary messages; the element is then not written.</summary>
    None = 0,

    /// <summary>Retained messages: published before the subscription began, and the last of their subjects.</summary>
    Retained = 1,
}
