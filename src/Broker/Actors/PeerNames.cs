using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Actors;

/// <summary>How a peer is named to people.</summary>
internal static class PeerNames
{
    internal static string Describe(PeerCredentials peer) => $"pid {peer.Pid?.ToString(provider: null) ?? "unknown"} uid {peer.Uid?.ToString(provider: null) ?? "unknown"}";
}
