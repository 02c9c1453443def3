using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Actors;

/// <summary>A client as others are told of it: what it says about itself, and what the kernel says about it.</summary>
/// <param name="Id">The identity of its connection.</param>
/// <param name="Said">What it says about itself.</param>
/// <param name="Peer">The kernel's word.</param>
/// <param name="Executable">The program that its process ran when it connected; null when that cannot be seen.</param>
/// <param name="Listener">The listener through which it came.</param>
internal sealed record Presence(Guid Id, HelloOptions Said, PeerCredentials Peer, string? Executable, string Listener);
