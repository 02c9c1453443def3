namespace UdsBroker.Protocol;

/// <summary>The names of the kinds of frames.</summary>
public static class FrameKinds
{
    /// <summary>The name of a kind as PROTOCOL.md and all messages for people write it, such as <c>PUBLISH</c>.</summary>
    public static string ToText(this FrameKind kind) => kind.ToString().ToUpperInvariant();
}
