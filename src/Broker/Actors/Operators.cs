using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Who may run the broker, by the kernel's word: root and the user that the broker itself runs as. They can end it by a signal anyway. The one place
/// that decides it.
/// </summary>
/// <param name="ownUid">The effective user of this process.</param>
internal sealed class Operators(uint ownUid)
{
    /// <summary>Whether a peer is one. A peer whom the kernel cannot name is none.</summary>
    internal bool Include(PeerCredentials peer) => peer.Uid is { } uid && (uid == 0 || uid == ownUid);
}
