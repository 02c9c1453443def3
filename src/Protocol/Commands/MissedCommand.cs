namespace UdsBroker.Protocol;

/// <summary><c>[11, sid, count]</c>: a gap at this place of a subscription. PROTOCOL.md, "MISSED".</summary>
/// <param name="Sid">The subscription.</param>
/// <param name="Count">How many messages were dropped here; at least 1.</param>
public sealed record MissedCommand(uint Sid, ulong Count);
