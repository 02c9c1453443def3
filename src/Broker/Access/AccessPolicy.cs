using System.Collections.Concurrent;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Access;

/// <summary>The access rules as they stand in the settings, names resolved. Immutable; a reload makes a new one.</summary>
/// <remarks>
/// Connections of the same kind of peer share what the rules say of it: with a thousand rules that is a millisecond of work and a hundred kilobytes, which ten
/// thousand connections should not have each. Thread-safe.
/// </remarks>
public sealed class AccessPolicy
{
    /// <summary>Kinds of peers that are known at a time. Who runs many programs makes many kinds; then they are found anew.</summary>
    private const int MaxKinds = 64;

    private readonly ConcurrentDictionary<AccessPeer, PeerRules> _known = new();

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

    /// <summary>What the rules say of one peer, found once for all of its kind and then asked for each subject.</summary>
    internal PeerRules For(AccessPeer peer)
    {
        if (_known.TryGetValue(peer, out var known)) return known;
        if (_known.Count >= MaxKinds) _known.Clear();
        return _known.GetOrAdd(peer, (kind, policy) => new PeerRules(policy, kind), this);
    }

    /// <summary>
    /// Who may operate the broker, whatever the rules say: root and the broker's own user, who can end it by a signal anyway. One whom the kernel cannot name is none.
    /// The one place that decides it.
    /// </summary>
    internal bool IsOperator(uint? uid) => uid is { } known && (known == 0 || known == OwnerUid);

    /// <summary>Who may ask the broker what, below <c>_BROKER.</c>: everybody for the statistics, and operators for all else. PROTOCOL.md, "Asking the broker".</summary>
    /// <param name="operation">The subject without its first token.</param>
    /// <param name="uid">Who asks.</param>
    internal bool MayAsk(ReadOnlySpan<byte> operation, uint? uid) => Ascii.Equals(operation, BrokerOperations.Statistics) || IsOperator(uid);

    /// <summary>What holds for the peer where no rule matches.</summary>
    internal bool AllowsOtherwise(AccessPeer peer) => Otherwise switch
    {
        AccessDefault.Owner => IsOperator(peer.Uid),
        AccessDefault.Allow => peer.Uid is not null,
        _ => false,
    };
}
