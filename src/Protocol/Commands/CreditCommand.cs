namespace UdsBroker.Protocol;

/// <summary><c>[12, sid, count]</c>: more messages are allowed. PROTOCOL.md, "CREDIT".</summary>
/// <param name="Sid">A subscription made with the option <c>credit</c>.</param>
/// <param name="Count">How many more, added to what is left.</param>
public sealed record CreditCommand(uint Sid, ulong Count);
