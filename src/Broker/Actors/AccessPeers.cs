using UdsBroker.Broker.Access;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Actors;

/// <summary>The kernel's word on a peer, in the form that access rules ask for.</summary>
internal static class AccessPeers
{
    internal static AccessPeer Of(PeerCredentials peer) => new()
    {
        Uid = peer.Uid,
        Gids = peer.Gid is { } gid ? [gid, .. peer.Groups] : peer.Groups,
        HasUnknownGroups = peer.HasUnknownGroups,
        Executable = peer.Executable,
        Unit = peer.Unit,
    };
}
