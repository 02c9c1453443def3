namespace UdsBroker.Protocol;

/// <summary><c>[4, sid, max or nil]</c>: the end of a subscription. PROTOCOL.md, "UNSUBSCRIBE".</summary>
/// <param name="Sid">The client's number for it.</param>
/// <param name="Max">After so many more messages; null and 0 are at once.</param>
public sealed record UnsubscribeCommand(uint Sid, ulong? Max);
