namespace UdsBroker.Protocol;

/// <summary><c>[6, token]</c>: a liveness probe and a fence. PROTOCOL.md, "Fences and receipts".</summary>
/// <param name="Token">Any number; the PONG repeats it.</param>
public sealed record PingCommand(ulong Token);
