namespace UdsBroker.Protocol;

/// <summary>
/// <c>[4, sid, max or nil]</c>, optionally followed by <c>options:map</c> when a client sends it: ends a subscription. The broker sends it
/// to report that a subscription which the client asked to drain has ended. PROTOCOL.md, "UNSUBSCRIBE".
/// </summary>
/// <param name="Sid">The client's number for it.</param>
/// <param name="Max">End after this many more messages; null and 0 mean at once.</param>
/// <param name="Drain">
/// The option <c>drain</c>: what is queued is still sent, and the broker reports the end. It has no effect together with a maximum.
/// </param>
public sealed record UnsubscribeCommand(uint Sid, ulong? Max, bool Drain = false);
