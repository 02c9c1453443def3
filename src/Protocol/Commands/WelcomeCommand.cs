namespace UdsBroker.Protocol;

/// <summary><c>[2, version, id, info:map]</c>: the broker's answer to HELLO. PROTOCOL.md, "WELCOME".</summary>
/// <param name="Version">The version that both sides speak from here on.</param>
/// <param name="Id">The identity of this connection: its inbox, and the sender of what it publishes.</param>
/// <param name="Info">What the broker says about itself and about the peer.</param>
public sealed record WelcomeCommand(uint Version, Guid Id, WelcomeInfo Info);
