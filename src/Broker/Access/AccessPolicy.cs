namespace UdsBroker.Broker.Access;

/// <summary>The access rules as they stand in the settings, names resolved. Immutable; a reload makes a new one.</summary>
public sealed class AccessPolicy
{
    internal AccessPolicy(IReadOnlyList<AccessRule> rules, AccessDefault otherwise, uint ownerUid)
    {
        Rules = rules;
        Otherwise = otherwise;
        OwnerUid = ownerUid;
    }

    /// <summary>In order; the first that matches decides.</summary>
    internal IReadOnlyList<AccessRule> Rules { get; }

    /// <summary>What holds where none matches.</summary>
    internal AccessDefault Otherwise { get; }

    /// <summary>The user that the broker runs as.</summary>
    internal uint OwnerUid { get; }

    /// <summary>What the rules say of one peer, found once and then asked for each subject.</summary>
    internal PeerRules For(AccessPeer peer) => new(this, peer);

    /// <summary>Root and the broker's own user: who may operate the broker, whatever the rules say.</summary>
    internal bool IsOperator(AccessPeer peer) => peer.Uid is { } uid && (uid == 0 || uid == OwnerUid);

    /// <summary>What holds for the peer where no rule matches.</summary>
    internal bool AllowsOtherwise(AccessPeer peer) => Otherwise switch
    {
        AccessDefault.Owner => IsOperator(peer),
        AccessDefault.Allow => peer.Uid is not null,
        _ => false,
    };
}
