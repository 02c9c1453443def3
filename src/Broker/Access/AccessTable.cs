namespace UdsBroker.Broker.Access;

/// <summary>
/// Holds the rules in force. A reload replaces them; every connection uses the new ones from its next received buffer on.
/// </summary>
/// <param name="policy">The rules at the start.</param>
/// <param name="denials">Is told of each denial.</param>
internal sealed class AccessTable(AccessPolicy policy, IDenials denials)
{
    private volatile AccessPolicy _current = policy;

    internal AccessPolicy Current
    {
        get => _current;
        set => _current = value;
    }

    internal IDenials Denials => denials;

    /// <summary>What a peer may do, now and after each reload.</summary>
    internal PeerAccess For(AccessPeer peer) => new(this, peer);
}
