namespace UdsBroker.Protocol;

/// <summary><c>[10, reason, message:str]</c>: the last frame of its sender. PROTOCOL.md, "GOODBYE".</summary>
/// <param name="Reason">Why, for programs.</param>
/// <param name="Message">One sentence for people; may be empty.</param>
public sealed record GoodbyeCommand(CloseReason Reason, string Message);
