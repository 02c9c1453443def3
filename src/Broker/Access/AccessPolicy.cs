using System.Collections.Concurrent;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Access;

/// <summary>The access rules as they stand in the settings, names resolved. Immutable; a reload makes a new one.</summary>
/// <remarks>
/// Connections of equal peers share the rules that apply to them: with a thousand rules finding these takes a millisecond and a hundred
/// kilobytes, too much for each of ten thousand connections. Thread-safe.
/// </remarks>
public sealed class AccessPolicy
{
    /// <summary>The most different peers remembered at a time; beyond that all are forgotten and looked up again.</summary>
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

    /// <summary>What applies when none matches.</summary>
    internal AccessDefault Otherwise { get; }

    /// <summary>The user that the broker runs as.</summary>
    internal uint OwnerUid { get; }

    /// <summary>The rules that apply to a peer, found once for all equal peers.</summary>
    internal PeerRules For(AccessPeer peer)
    {
        if (_known.TryGetValue(peer, out var known)) return known;
        if (_known.Count >= MaxKinds) _known.Clear();
        return _known.GetOrAdd(peer, (kind, policy) => new PeerRules(policy, kind), this);
    }

    /// <summary>
    /// Who may operate the broker, regardless of the rules: root and the broker's own user, who can end it by a signal anyway. A user whom
    /// the kernel cannot name is not an operator. This is the only place that decides it.
    /// </summary>
    internal bool IsOperator(uint? uid) => uid is { } known && (known == 0 || known == OwnerUid);

    /// <summary>
    /// Whether a user may send this request to the broker, below <c>_BROKER.</c>: everybody may ask for the statistics, only operators for
    /// anything else. PROTOCOL.md, "Asking the broker".
    /// </summary>
    /// <param name="operation">The subject without its first token.</param>
    /// <param name="uid">The user that asks; null when unknown.</param>
    internal bool MayAsk(ReadOnlySpan<byte> operation, uint? uid) => Ascii.Equals(operation, BrokerOperations.Statistics) || IsOperator(uid);

    /// <summary>Whether the peer is allowed something for which no rule matches.</summary>
    internal bool AllowsOtherwise(AccessPeer peer) => Otherwise switch
    {
        AccessDefault.Owner => IsOperator(peer.Uid),
        AccessDefault.Allow => peer.Uid is not null,
        _ => false,
    };
}
