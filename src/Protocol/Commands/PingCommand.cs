namespace UdsBroker.Protocol;

/// <summary><c>[6, token]</c>: a sign of life asked for, and a fence. PROTOCOL.md, "Fences and receipts".</summary>
/// <param name="Token">Any number; PONG brings it back.</param>
public sealed record PingCommand(ulong Token);
