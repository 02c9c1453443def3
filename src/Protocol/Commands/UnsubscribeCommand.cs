namespace UdsBroker.Protocol;

/// <summary>
/// <c>[4, sid, max or nil]</c>, from a client perhaps with <c>options:map</c> behind: the end of a subscription. From the broker it says that one
/// which its client asked to drain has ended. PROTOCOL.md, "UNSUBSCRIBE".
/// </summary>
/// <param name="Sid">The client's number for it.</param>
/// <param name="Max">After so many more messages; null and 0 are at once.</param>
/// <param name="Drain">The option <c>drain</c>: what waits is still sent, and the end is told. It means nothing beside a maximum.</param>
public sealed record UnsubscribeCommand(uint Sid, ulong? Max, bool Drain = false);
