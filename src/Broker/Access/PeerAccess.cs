using System.Text;

namespace UdsBroker.Broker.Access;

/// <summary>
/// What one connection may do: the rules in force that apply to its peer. Thread-safe; the connection's stage checks what it publishes, its
/// actor what it subscribes to.
/// </summary>
internal sealed class PeerAccess
{
    private readonly AccessTable _table;
    private volatile PeerRules _rules;

    internal PeerAccess(AccessTable table, AccessPeer peer)
    {
        _table = table;
        _rules = table.Current.For(peer);
        Peer = _rules.Peer;
    }

    /// <summary>The broker's own: everything is allowed.</summary>
    internal static PeerAccess OfBroker { get; } = new AccessTable(new AccessPolicy([], AccessDefault.Allow, ownerUid: 0), new NoDenials()).For(new AccessPeer { Uid = 0 });

    /// <summary>
    /// The peer of the connection, or an equal one that connected before: what is kept of a connection that has ended, such as a delayed message, keeps this, and its
    /// path can have 4 KiB.
    /// </summary>
    internal AccessPeer Peer { get; }

    /// <summary>The newest rules; the same object until they are replaced, so a cache of decisions can compare it.</summary>
    internal PeerRules Rules
    {
        get
        {
            var rules = _rules;
            var policy = _table.Current;
            return ReferenceEquals(rules.Policy, policy) ? rules : _rules = policy.For(Peer);
        }
    }

    /// <summary>
    /// Whether the peer may publish to a valid subject, for callers without a cache of decisions; a denial is logged. The broker may, also
    /// below <c>$SYS.</c>
    /// </summary>
    internal bool MayPublish(ReadOnlySpan<byte> subject)
    {
        if (ReferenceEquals(this, OfBroker)) return true;
        var decision = Rules.Publish(subject);
        if (!decision.IsAllowed) _table.Denials.Denied(Peer, AccessVerbs.Publish, subject, decision);
        return decision.IsAllowed;
    }

    /// <summary>Logs a denial and returns it as a sentence for the peer.</summary>
    /// <param name="verb">What was denied.</param>
    /// <param name="subject">The valid subject or pattern; empty for a connection.</param>
    /// <param name="decision">The denial.</param>
    internal string Deny(AccessVerbs verb, ReadOnlySpan<byte> subject, in AccessDecision decision)
    {
        _table.Denials.Denied(Peer, verb, subject, decision);
        var name = Encoding.UTF8.GetString(subject);
        return verb switch
        {
            AccessVerbs.Connect => $"{Peer} may not connect: {decision.Because}",
            AccessVerbs.Publish => $"{Peer} may not publish to {name}: {decision.Because}",
            _ when decision.Witness is { } part && part != name => $"{Peer} may not subscribe to {name}, because it matches {part}: {decision.Because}",
            _ => $"{Peer} may not subscribe to {name}: {decision.Because}",
        };
    }

    private sealed class NoDenials : IDenials
    {
        public void Denied(AccessPeer peer, AccessVerbs verb, ReadOnlySpan<byte> subject, in AccessDecision decision)
        {
        }
    }
}
