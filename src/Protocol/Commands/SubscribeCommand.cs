namespace UdsBroker.Protocol;

/// <summary><c>[3, sid, pattern:str, options:map or nil]</c>: a subscription. PROTOCOL.md, "SUBSCRIBE".</summary>
/// <param name="Sid">The client's number for it, from 1 up, unique among the living subscriptions of the connection.</param>
/// <param name="Pattern">
/// The pattern in UTF-8, not yet checked against the rules: <see cref="SubjectPattern.TryParse(ReadOnlySpan{byte}, out SubjectPattern, out
/// SubjectFault, Limits?)"/>.
/// </param>
/// <param name="Options">How to deliver.</param>
public sealed record SubscribeCommand(uint Sid, ReadOnlyMemory<byte> Pattern, SubscribeOptions Options);
