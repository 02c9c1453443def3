namespace UdsBroker.Protocol;

/// <summary><c>[1, version, options:map]</c>: the client's first frame. PROTOCOL.md, "HELLO".</summary>
/// <param name="Version">The newest version of the wire that the client speaks.</param>
/// <param name="Options">What the client says about itself.</param>
public sealed record HelloCommand(uint Version, HelloOptions Options);
