namespace UdsBroker.Protocol;

/// <summary><c>[11, sid, count, expired]</c>: a gap at this place of a subscription. PROTOCOL.md, "MISSED".</summary>
/// <param name="Sid">The subscription.</param>
/// <param name="Count">How many messages were dropped here; at least 1.</param>
/// <param name="Expired">How many of them because they had expired; a missing or nil element means 0.</param>
public sealed record MissedCommand(uint Sid, ulong Count, ulong Expired = 0);
