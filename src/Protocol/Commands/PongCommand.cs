namespace UdsBroker.Protocol;

/// <summary><c>[7, token, receipt:array or nil]</c>: the answer to PING. PROTOCOL.md, "Fences and receipts".</summary>
/// <param name="Token">The token of the PING.</param>
/// <param name="Receipt">What became of the messages since the last fence; null from a client.</param>
public sealed record PongCommand(ulong Token, Receipt? Receipt);
